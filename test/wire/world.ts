import {
	type GatewayOptions,
	type RunningGateway,
	startGateway,
	type TestPolicy,
} from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";

export const VERSIONS = [15, 18] as const;
export type Version = (typeof VERSIONS)[number];

/** What a client needs to connect; `url` has all of it. */
export interface Road {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password: string;
	readonly database: string;
	readonly url: string;
}

/** Both servers with the same sample data, and one gateway in front of them: the connections `pg15` and `pg18`. */
export interface World {
	readonly gateway: RunningGateway;
	readonly servers: Readonly<Record<Version, RunningPostgres>>;
	/** To the server itself, as its superuser. */
	direct(version: Version): Road;
	/** To the same database through the gateway. */
	through(version: Version, token?: string): Road;
	stop(): Promise<void>;
}

const STRONG = [
	...["schema", "temporary", "privilege", "maintenance", "execute", "unknown", "truncate", "unbounded_write"],
];

/** Lets everybody do everything. */
export const EVERYTHING: TestPolicy = {
	files: {
		"data.yaml": JSON.stringify({
			sallyport: {
				packs: {
					safe_defaults: { permit: Object.fromEntries(STRONG.map((name) => [name, ["anyone"]])) },
				},
			},
		}),
	},
};

/** What the work of each driver and the scripts of psql are done on; statements end with a line. */
export const SAMPLE = `
	CREATE TABLE customers (
		id serial PRIMARY KEY, name text NOT NULL, email text UNIQUE, card text, balance numeric(12, 2), born date,
		seen timestamptz, tags text[], extra jsonb, photo bytea, active boolean DEFAULT true
	);
	INSERT INTO customers (name, email, card, balance, born, seen, tags, extra, photo)
		SELECT 'c' || i, 'c' || i || '@example.com', '4111-' || i, i * 1.5, date '1970-01-01' + i,
			timestamptz '2020-01-01 00:00Z' + i * interval '1h', array['a', 'b"c', null], jsonb_build_object('n', i),
			decode(lpad(to_hex(i), 8, '0'), 'hex')
		FROM generate_series(1, 100) i;
	CREATE TABLE orders (
		id serial PRIMARY KEY, customer_id int REFERENCES customers, total numeric(12, 2) CHECK (total >= 0),
		at timestamptz DEFAULT '2024-01-01 00:00Z'
	);
	INSERT INTO orders (customer_id, total) SELECT 1 + i % 100, i FROM generate_series(1, 1000) i;
	CREATE INDEX ON orders (customer_id);
	CREATE VIEW contacts AS SELECT id, name, email FROM customers;
	CREATE FUNCTION spent(customer int) RETURNS numeric LANGUAGE sql STABLE
		AS 'SELECT sum(total) FROM public.orders WHERE customer_id = customer';
	CREATE TABLE scratch (id int, note text);
	CREATE DATABASE other;
`;

/** Starts the world; every file of this folder does so once. Options are the gateway's. */
export async function openWorld(options: Partial<GatewayOptions> = {}): Promise<World> {
	const [pg15, pg18] = await Promise.all(VERSIONS.map((version) => startPostgres({ version })));
	if (pg15 === undefined || pg18 === undefined) throw new Error("no servers");
	const servers = { 15: pg15, 18: pg18 };
	for (const server of [pg15, pg18])
		for (const statement of SAMPLE.split(/;\n/)) if (statement.trim() !== "") await server.query(statement);
	const { config, ...others } = options;
	const gateway = await startGateway({
		upstream: pg15,
		policy: EVERYTHING,
		...others,
		config: { connections: VERSIONS.map((version) => connection(servers[version])), ...config },
	});
	return {
		gateway,
		servers,
		direct: (version) => road(servers[version].port, "postgres", "unused", "postgres"),
		through: (version, token = gateway.tokens.agent) =>
			road(gateway.pgPort, "agent-7", token, `pg${version}`),
		stop: async () => {
			await gateway.stop();
			await Promise.all([pg15.stop(), pg18.stop()]);
		},
	};
}

function connection({ version, port, user, password, database }: RunningPostgres): Record<string, unknown> {
	return {
		name: `pg${version}`,
		type: "postgres",
		labels: { env: "test" },
		databases: ["other"],
		upstream: { host: "127.0.0.1", port, user, password, database, tls: { mode: "disable" } },
	};
}

function road(port: number, user: string, password: string, database: string): Road {
	const url = `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
	return { host: "127.0.0.1", port, user, password, database, url };
}

import { type GatewayOptions, type RunningGateway, startGateway, type TestPolicy } from "./gateway.ts";
import { type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres.ts";
import { type WireAddress, WireClient } from "./wire-client.ts";

/** Lets everything pass: what is left is the protocol. */
export const ALLOW_ALL: TestPolicy = policyOf('allow contains {"rule": "all"}');

/** A policy of these rules alone, without the packs that are on by default. */
export function policyOf(rules: string, packs: Readonly<Record<string, unknown>> = {}): TestPolicy {
	const data = { sallyport: { packs: { safe_defaults: { enabled: false }, ...packs } } };
	return {
		files: {
			"rules.rego": `package sallyport.command\n\n${rules}\n`,
			"data.json": JSON.stringify(data),
		},
	};
}

/** The shipped policy with this data for its packs. */
export function packsOf(packs: Readonly<Record<string, unknown>>): TestPolicy {
	return { files: { "data.json": JSON.stringify({ sallyport: { packs } }) } };
}

export interface PairOptions extends Omit<GatewayOptions, "upstream"> {
	readonly postgres?: PostgresOptions;
	/** Run on the server before the gateway starts. */
	readonly schema?: string;
}

/** A real server, and a gateway before it. */
export interface Pair {
	readonly postgres: RunningPostgres;
	readonly gateway: RunningGateway;
	/** A session on the server itself, as the role that the gateway uses. */
	direct(parameters?: Readonly<Record<string, string>>): Promise<WireClient>;
	/** A session through the gateway, as the agent unless another token is given. */
	through(token?: string, parameters?: Readonly<Record<string, string>>): Promise<WireClient>;
	address(token?: string): WireAddress;
	/** What the server has logged while `work` was done: each statement that really ran. */
	logged(work: () => Promise<unknown>): Promise<string>;
	stop(): Promise<void>;
}

export async function startPair(options: PairOptions = {}): Promise<Pair> {
	const { postgres: postgresOptions, schema, ...gatewayOptions } = options;
	const postgres = await startPostgres(postgresOptions);
	try {
		if (schema !== undefined) await postgres.query(schema);
		const { host, port, database, user, password } = postgres;
		const gateway = await startGateway({
			policy: ALLOW_ALL,
			...gatewayOptions,
			upstream: { host, port, database, user, password },
		});
		const address = (token = gateway.tokens.agent): WireAddress => ({
			host: gateway.host,
			port: gateway.pgPort,
			user: "agent",
			database: gateway.database,
			password: token,
		});
		return {
			postgres,
			gateway,
			address,
			direct: (parameters = {}) => WireClient.connect({ host, port, database, user, password, parameters }),
			through: (token, parameters = {}) => WireClient.connect({ ...address(token), parameters }),
			logged: async (work) => {
				const before = postgres.log().length;
				await work();
				return postgres.log().slice(before);
			},
			stop: async () => {
				await gateway.stop();
				await postgres.stop();
			},
		};
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}

import { startGateway, type TestPolicy } from "../../test/support/gateway.ts";
import { type PostgresOptions, type RunningPostgres, startPostgres } from "../../test/support/postgres.ts";
import type { Road } from "../suite.ts";

/** A server of its own, and where a client has to go. */
export interface Stage {
	readonly server: RunningPostgres;
	readonly client: {
		readonly host: string;
		readonly port: number;
		readonly user: string;
		readonly password: string;
		/** The same name on both roads. */
		readonly database: string;
	};
	/** Null where there is none in between. */
	readonly gatewayPid: number | null;
	stop(): Promise<void>;
}

/** Allows everything, what can't be judged included; the shipped packs that deny are off. */
export const EVERYTHING: TestPolicy = {
	files: {
		"data.yaml": JSON.stringify({ sallyport: { packs: { safe_defaults: { enabled: false } } } }),
		"command.rego": `package sallyport.command

allow contains {"rule": "everything"}

record contains {"rule": "everything", "level": "commands"}
`,
		"session.rego": `package sallyport.session

allow contains {"rule": "everything"}
`,
	},
};

/** A suite's texts of a megabyte take most of the default's time on a machine that does nothing else. */
const PATIENT = { parse_timeout: "20s", analysis_timeout: "5s" };

/**
 * Starts a server, has `fill` make the database, and puts a gateway before it where the road leads through one.
 * @param database which the client names, and which `fill` makes
 * @param others which the suite connects to as well, and may make itself
 */
export async function setStage(
	road: Road,
	database: string,
	options: PostgresOptions,
	fill: (server: RunningPostgres) => Promise<void>,
	others: readonly string[] = [],
): Promise<Stage> {
	const server = await startPostgres({
		...options,
		settings: { log_statement: "none", ...options.settings },
	});
	try {
		await fill(server);
		const { host, port, user, password } = server;
		if (road === "direct")
			return {
				...{ server, gatewayPid: null, stop: () => server.stop() },
				client: { host, port, user, password, database },
			};
		const gateway = await startGateway({
			upstream: { host, port, user, password, database },
			policy: EVERYTHING,
			merge: { limits: PATIENT },
			config: {
				connections: [database, ...others].map((name) => ({
					name,
					type: "postgres",
					upstream: { host, port, user, password, database: name, tls: { mode: "disable" } },
				})),
			},
		});
		return {
			...{ server, gatewayPid: gateway.pid },
			client: { host: gateway.host, port: gateway.pgPort, user, password: gateway.tokens.agent, database },
			stop: async () => {
				await gateway.stop();
				await server.stop();
			},
		};
	} catch (error) {
		await server.stop();
		throw error;
	}
}

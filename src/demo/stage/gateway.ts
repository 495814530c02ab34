import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../config/index.ts";
import { recordDirectory } from "../../recording/index.ts";
import { BUNDLE_PATH, type BundleServer } from "./bundle-server.ts";
import type { Database } from "./database.ts";
import { freePort } from "./ports.ts";

/** Somebody who has a token. */
export interface Someone {
	readonly name: string;
	readonly token: string;
}

/** The gateway in front of the shop's database. */
export interface DemoGateway {
	readonly controlUrl: string;
	readonly port: number;
	readonly agent: Someone;
	readonly approver: Someone;
	readonly recordDirectory: string;
	readonly logFile: string;
	stop(): Promise<void>;
}

/** What the gateway is to stand between. */
export interface Surroundings {
	readonly directory: string;
	readonly database: Database;
	readonly bundles: BundleServer;
	/** The key that bundles must be signed with. */
	readonly publicKey: string;
}

/** The name of the connection: what clients give as the database. */
export const CONNECTION = "shop";

/** Starts a gateway in this process, from a configuration file such as an operator would write. */
export async function startDemoGateway(surroundings: Surroundings): Promise<DemoGateway> {
	const agent = { name: "billing-agent", token: randomBytes(24).toString("base64url") };
	const approver = { name: "dana", token: randomBytes(24).toString("base64url") };
	const controlPort = await freePort();
	const file = join(surroundings.directory, "sallyport.yaml");
	writeFileSync(file, JSON.stringify(configuration(surroundings, controlPort), null, "\t"));
	const config = loadConfig(file, {
		DATABASE_PASSWORD: surroundings.database.password,
		BUNDLE_TOKEN: surroundings.bundles.readToken,
		AGENT_TOKEN: agent.token,
		APPROVER_TOKEN: approver.token,
	});
	const logFile = join(surroundings.directory, "gateway.log");
	// Imported when it is needed: the whole product, which takes a while to load beside the servers' start.
	const { startGateway } = await import("../../main.ts");
	const gateway = await startGateway(
		config,
		pino({ base: null }, pino.destination({ dest: logFile, sync: true })),
	);
	const address = gateway.listeners.find(({ name }) => name === "postgres")?.address ?? "";
	return {
		controlUrl: `http://127.0.0.1:${controlPort}`,
		port: Number(address.slice(address.lastIndexOf(":") + 1)),
		...{ agent, approver, logFile },
		recordDirectory: recordDirectory(config.recordings, config.data_dir),
		stop: () => gateway.stop(),
	};
}

/** YAML takes JSON. No secret stands in it. */
function configuration({ database, bundles, publicKey }: Surroundings, controlPort: number) {
	return {
		data_dir: "./gateway",
		listeners: {
			control: { address: `127.0.0.1:${controlPort}` },
			postgres: { address: "127.0.0.1:0" },
		},
		identity: {
			static_tokens: [
				{ token: { env: "AGENT_TOKEN" }, subject: "billing-agent", kind: "agent", groups: ["agents"] },
				{
					token: { env: "APPROVER_TOKEN" },
					subject: "dana",
					kind: "human",
					groups: ["approvers", "auditors"],
				},
			],
		},
		connections: [
			{
				name: CONNECTION,
				type: "postgres",
				labels: { env: "demo" },
				upstream: {
					host: "127.0.0.1",
					port: database.port,
					database: database.name,
					user: database.user,
					password: { env: "DATABASE_PASSWORD" },
				},
			},
		],
		services: {
			bundles: { url: bundles.url, credentials: { bearer: { token: { env: "BUNDLE_TOKEN" } } } },
		},
		bundles: {
			main: {
				service: "bundles",
				resource: BUNDLE_PATH,
				polling: { min_delay_seconds: 1, max_delay_seconds: 1, long_polling_timeout_seconds: 30 },
				signing: { keyid: "demo" },
			},
		},
		keys: { demo: { algorithm: "ES256", key: publicKey } },
		status: { service: "bundles" },
		labels: { env: "demo" },
		limits: { drain_timeout: "1s" },
	};
}

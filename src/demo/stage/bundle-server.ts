import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../config/index.ts";
import { shippedBundle } from "../../policy/build/index.ts";

/** A bundle server of its own: the product with nothing but a control listener. */
export interface BundleServer {
	readonly url: string;
	/** What gateways present. */
	readonly readToken: string;
	/** What whoever publishes presents. */
	readonly pushToken: string;
	/** Publishes an archive as a deployment pipeline would, over HTTP. */
	push(archive: Uint8Array): Promise<void>;
	stop(): Promise<void>;
}

export const BUNDLE_PATH = "bundles/shop";

/** Starts one that takes only what is signed with the key; the shipped policy says who may push and who may fetch. */
export async function startBundleServer(directory: string, publicKey: string): Promise<BundleServer> {
	const readToken = randomBytes(24).toString("base64url");
	const pushToken = randomBytes(24).toString("base64url");
	const file = join(directory, "bundle-server.yaml");
	writeFileSync(file, JSON.stringify(configuration(publicKey), null, "\t"));
	const config = loadConfig(file, { READ_TOKEN: readToken, PUSH_TOKEN: pushToken });
	const log = pino(
		{ base: null },
		pino.destination({ dest: join(directory, "bundle-server.log"), sync: true }),
	);
	// Imported when it is needed: the whole product, which takes a while to load.
	const { startGateway } = await import("../../main.ts");
	const server = await startGateway(config, log);
	const url = server.listeners.find(({ name }) => name === "control")?.address ?? "";
	return {
		...{ url, readToken, pushToken },
		push: async (archive) => {
			const headers = { authorization: `Bearer ${pushToken}`, "content-type": "application/gzip" };
			const body = Uint8Array.from(archive);
			const answer = await fetch(new URL(BUNDLE_PATH, `${url}/`), { method: "PUT", headers, body });
			if (!answer.ok) throw new Error(`the bundle server answered a push: ${await answer.text()}`);
		},
		stop: () => server.stop(),
	};
}

/** YAML takes JSON. No secret stands in it. */
function configuration(publicKey: string) {
	return {
		data_dir: "./bundle-server",
		listeners: { control: { address: "127.0.0.1:0" } },
		identity: {
			static_tokens: [
				{ token: { env: "READ_TOKEN" }, subject: "shop-gateway", kind: "service", groups: ["gateways"] },
				{ token: { env: "PUSH_TOKEN" }, subject: "petra", kind: "human", groups: ["admins"] },
			],
		},
		bundles: { own: { resource: `file://${shippedBundle()}` } },
		keys: { demo: { algorithm: "ES256", key: publicKey } },
	};
}

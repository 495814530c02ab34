import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Log, Secret } from "../../../src/lib/index.ts";
import { type PolicyConfig, PolicyRuntime } from "../../../src/policy/index.ts";
import { BundleServer } from "./bundle-server.ts";
import { LIMITS, temporaryFolder } from "./support.ts";

type Bundles = PolicyConfig["bundles"];
export type BundleConfig = Omit<Bundles[string], "polling" | "signing"> & {
	readonly polling: Partial<Bundles[string]["polling"]>;
	readonly signing: Partial<NonNullable<Bundles[string]["signing"]>>;
};

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A bundle's section as it is loaded, asked for every 50 to 100 ms. */
export function bundle({ polling, signing, ...fields }: Partial<BundleConfig>): Bundles[string] {
	return {
		resource: "bundles/main.tar.gz",
		polling: {
			min_delay_seconds: 0.05,
			max_delay_seconds: 0.1,
			superseded_etag_ttl_seconds: 0,
			...polling,
		},
		trigger: "periodic",
		persist: false,
		size_limit_bytes: LIMITS.bytes,
		...(signing === undefined ? {} : { signing: { allow_unsigned_delta_bundles: false, ...signing } }),
		...fields,
	};
}

/** What a test of runtimes has to itself, made before each and gone after it. */
export class Surroundings {
	folder!: { path: string; remove: () => Promise<void> };
	server!: BundleServer;
	url!: string;
	readonly #runtimes: PolicyRuntime[] = [];

	constructor() {
		beforeEach(async () => {
			this.folder = await temporaryFolder();
			this.server = new BundleServer();
			this.url = await this.server.start();
		});
		afterEach(async () => {
			await Promise.all(this.#runtimes.splice(0).map((runtime) => runtime.stop()));
			await this.server.stop();
			await this.folder.remove();
		});
	}

	/** A runtime with the service `hq`, which is the server, after its first round. */
	async start(
		bundles: Readonly<Record<string, Partial<BundleConfig>>>,
		keys: PolicyConfig["keys"] = {},
	): Promise<PolicyRuntime> {
		const token = new Secret("bundle-token");
		const hq = {
			url: this.url,
			response_header_timeout_seconds: 1,
			credentials: { bearer: { token, scheme: "Bearer" } },
		};
		const runtime = new PolicyRuntime(
			{
				services: { hq },
				bundles: Object.fromEntries(Object.entries(bundles).map(([name, fields]) => [name, bundle(fields)])),
				keys,
				labels: { id: "gw-1", site: "a, b=c" },
				persistence_directory: join(this.folder.path, "persisted"),
			},
			{ log: quiet },
		);
		this.#runtimes.push(runtime);
		await runtime.start();
		return runtime;
	}
}

export async function until(what: string, condition: () => boolean): Promise<void> {
	for (let i = 0; i < 400; i++) {
		if (condition()) return;
		await sleep(10);
	}
	assert.fail(`never: ${what}`);
}

export const revision = (runtime: PolicyRuntime) => runtime.active?.revision;
export const errorOf = (runtime: PolicyRuntime, name = "main") =>
	runtime.status().find((status) => status.name === name)?.error?.code;

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBuilt } from "../../tools/setup/build.mjs";
import { freePort } from "./free-port.ts";
import { keptPolicy, withFiles } from "./policies.ts";
import { unreferenced, watchdog } from "./watchdog.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const SALLYPORT = join(ROOT, "dist", "cli", "main.js");
const DEFAULT_BUNDLE = join(ROOT, "tools", "prebuilt", "default.tar.gz");
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;

/** A policy: directories as for `bundle build`, or the files of one directory by name (`data.yaml`, `rules.rego`). */
export type TestPolicy =
	| { readonly dirs: readonly string[] }
	| { readonly files: Readonly<Record<string, string>> };

/** A target as `connections[].upstream` has it; what `startPostgres` answers will do. */
export interface TestUpstream {
	readonly host: string;
	readonly port: number;
	readonly database: string;
	readonly user: string;
	readonly password?: string;
}

/** What a throwaway gateway is to be like; every option but the upstream has a default. */
export interface GatewayOptions {
	/** Reached as the connection `orders`. */
	readonly upstream: TestUpstream;
	/** Default: the shipped policy, with no data. */
	readonly policy?: TestPolicy;
	/** Labels of `orders`. */
	readonly labels?: Readonly<Record<string, string>>;
	/** Databases that `orders` has besides, reached as `orders/NAME`. */
	readonly databases?: readonly string[];
	/** Sections of sallyport.yaml that replace the generated ones, or stand beside them. */
	readonly config?: Readonly<Record<string, unknown>>;
	/** Sections of sallyport.yaml whose fields are set beside the generated ones, such as `{ limits: { sessions: 2 } }`. */
	readonly merge?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	readonly env?: Readonly<Record<string, string>>;
	/** The directory of the configuration and the data; kept when the gateway stops. Default: one of its own. */
	readonly directory?: string;
}

/** Passwords of PostgreSQL clients and bearer tokens of the control plane, by who presents them. */
export interface TestTokens {
	/** subject `agent-7`, kind agent, group `agents` */
	readonly agent: string;
	/** subject `agent-8`, kind agent, group `agents`: another agent */
	readonly otherAgent: string;
	/** subject `ana`, kind human, group `approvers` */
	readonly approver: string;
	/** subject `root`, kind human, group `admins` */
	readonly admin: string;
}

/** A gateway that runs in a process of its own, as an operator would start it. */
export interface RunningGateway {
	readonly controlUrl: string;
	readonly host: "127.0.0.1";
	readonly pgPort: number;
	/** The connection's name: what a PostgreSQL client gives as its database. */
	readonly database: "orders";
	readonly tokens: TestTokens;
	readonly directory: string;
	readonly configFile: string;
	readonly recordDir: string;
	readonly pid: number;
	/** Its log so far: JSON lines. */
	log(): string;
	/** Builds another policy, puts it in the bundle's place, and waits until the gateway decides by it. */
	replacePolicy(policy: TestPolicy): Promise<void>;
	/** Runs the command line against it, as the admin unless `token` says otherwise. Never rejects. */
	cli(args: readonly string[], options?: { token?: string }): Promise<CliResult>;
	/** Ends it as SIGTERM does; answers its exit code. The directory is removed if it was its own. */
	stop(): Promise<number | null>;
	/** Ends it as SIGKILL does. What it wrote stays until `stop`. */
	kill(): Promise<void>;
}

export interface CliResult {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

const TOKENS: TestTokens = {
	agent: "agent-token-for-tests-only",
	otherAgent: "other-agent-token-for-tests-only",
	approver: "approver-token-for-tests-only",
	admin: "admin-token-for-tests-only",
};

const STATIC_TOKENS = [
	{ token: TOKENS.agent, subject: "agent-7", kind: "agent", groups: ["agents"] },
	{ token: TOKENS.otherAgent, subject: "agent-8", kind: "agent", groups: ["agents"] },
	{ token: TOKENS.approver, subject: "ana", kind: "human", groups: ["approvers"] },
	{ token: TOKENS.admin, subject: "root", kind: "human", groups: ["admins"] },
];

/**
 * Starts the built product (`sallyport serve`) with a generated configuration on ports of its own and answers once it
 * listens and has a policy. It is killed when this process ends, however that happens.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
	await ensureBuilt();
	const directory = options.directory ?? mkdtempSync(join(tmpdir(), "sallyport-gateway-"));
	const own = options.directory === undefined;
	try {
		mkdirSync(directory, { recursive: true });
		const bundle = join(directory, "bundle.tar.gz");
		await putPolicy(bundle, options.policy);
		const configFile = join(directory, "sallyport.yaml");
		writeFileSync(configFile, JSON.stringify(await configuration(options, bundle)));
		return await launch(directory, own, configFile, bundle, options.env ?? {});
	} catch (error) {
		if (own) rmSync(directory, { recursive: true, force: true });
		throw error;
	}
}

/** Runs one command of the built product. Never rejects. */
export async function runCli(
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
	await ensureBuilt();
	return new Promise((done) => {
		const all = { ...process.env, NO_COLOR: "1", ...env };
		execFile(
			process.execPath,
			[SALLYPORT, ...args],
			{ env: all, maxBuffer: 64 << 20 },
			(error, stdout, stderr) =>
				done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
		);
	});
}

async function configuration(options: GatewayOptions, bundle: string): Promise<Record<string, unknown>> {
	const { host, port, database, user, password } = options.upstream;
	const upstream = { host, port, database, user, ...(password === undefined ? {} : { password }) };
	const generated: Record<string, unknown> = {
		data_dir: "./data",
		// Its own URL stands in notices and approvals, so this port has to be known beforehand.
		listeners: {
			control: { address: `127.0.0.1:${await freePort()}` },
			postgres: { address: "127.0.0.1:0" },
		},
		identity: { static_tokens: STATIC_TOKENS },
		connections: [
			{
				...{ name: "orders", type: "postgres", labels: options.labels ?? { env: "test" }, upstream },
				...(options.databases === undefined ? {} : { databases: options.databases }),
			},
		],
		bundles: {
			main: {
				resource: `file://${bundle}`,
				polling: { min_delay_seconds: 0.1, max_delay_seconds: 0.2 },
			},
		},
		limits: { drain_timeout: "2s" },
		...options.config,
	};
	for (const [section, fields] of Object.entries(options.merge ?? {})) {
		generated[section] = { ...(generated[section] as Record<string, unknown> | undefined), ...fields };
	}
	return generated;
}

/** Atomically: the gateway watches the file. */
async function putPolicy(bundle: string, policy: TestPolicy | undefined): Promise<void> {
	const next = `${bundle}.next`;
	if (policy === undefined) copyFileSync(DEFAULT_BUNDLE, next);
	else if ("dirs" in policy) await buildPolicy(policy, next);
	else await keptPolicy(policy.files, (directory, output) => build([directory], output), next);
	renameSync(next, bundle);
}

/** Runs `sallyport bundle build`; throws with what it said when it fails. The bundle is newer than all before it. */
export async function buildPolicy(policy: TestPolicy, output: string): Promise<void> {
	if ("dirs" in policy) return build(policy.dirs, output);
	await withFiles(policy.files, (directory) => build([directory], output));
}

async function build(dirs: readonly string[], output: string): Promise<void> {
	const { code, stderr } = await runCli(["bundle", "build", ...dirs, "-o", output]);
	if (code !== 0) throw new Error(`the policy can't be built:\n${stderr}`);
}

async function launch(
	directory: string,
	own: boolean,
	configFile: string,
	bundle: string,
	env: Readonly<Record<string, string>>,
): Promise<RunningGateway> {
	const child = spawn(process.execPath, [SALLYPORT, "serve", "-c", configFile], {
		cwd: directory,
		env: { ...process.env, NO_COLOR: "1", ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const guard = watchdog(child, own ? directory : null);
	unreferenced(child);
	const output = { stdout: "", stderr: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		output.stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		output.stderr += text;
	});

	const ended = once(child, "exit");
	const addresses = await ready(child, output).catch(async (error: unknown) => {
		child.kill("SIGKILL");
		await guard.release();
		throw error;
	});
	const controlUrl = `${addresses["control"]}`;
	const cli: RunningGateway["cli"] = (args, { token = TOKENS.admin } = {}) =>
		runCli(args, { SALLYPORT_URL: controlUrl, SALLYPORT_TOKEN: token });
	const end = async (signal: NodeJS.Signals) => {
		const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
		child.ref();
		if (child.exitCode === null && child.signalCode === null) child.kill(signal);
		await ended;
		clearTimeout(timer);
	};
	return {
		controlUrl,
		host: "127.0.0.1",
		pgPort: Number(/:(\d+)$/.exec(addresses["postgres"] ?? "")?.[1]),
		database: "orders",
		tokens: TOKENS,
		directory,
		configFile,
		recordDir: join(directory, "data", "record"),
		pid: child.pid ?? 0,
		log: () => output.stderr,
		cli,
		replacePolicy: async (policy) => {
			const before = activations(output.stderr);
			const next = `${bundle}.new`;
			await putPolicy(next, policy);
			// One that was kept may have an older sequence than the one in force. Few tests come here: the others need not
			// load half of the product.
			const { republish } = await import("../../src/policy/build/index.ts");
			writeFileSync(next, (await republish(readFileSync(next))).archive);
			renameSync(next, bundle);
			await until("the new policy is active", () => activations(output.stderr) > before, output);
		},
		stop: async () => {
			await end("SIGTERM");
			await guard.release();
			return child.exitCode;
		},
		kill: () => end("SIGKILL"),
	};
}

/** The listeners' addresses by name, once the gateway has printed them and is ready to decide. */
async function ready(
	child: ChildProcess,
	output: { readonly stdout: string; readonly stderr: string },
): Promise<Record<string, string>> {
	const addresses = () =>
		Object.fromEntries(
			output.stdout
				.split("\n")
				.filter((line) => line.includes(" "))
				.map((line) => line.split(" ") as [string, string]),
		);
	await until(
		"the gateway listens",
		() => {
			if (child.exitCode !== null || child.signalCode !== null) throw failure("the gateway ended", output);
			return addresses()["control"] !== undefined && addresses()["postgres"] !== undefined;
		},
		output,
	);
	return addresses();
}

const activations = (log: string) => log.split('"policy activated"').length - 1;

async function until(
	what: string,
	holds: () => boolean,
	output: { readonly stdout: string; readonly stderr: string },
): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!holds()) {
		if (Date.now() > deadline) throw failure(`not in ${START_TIMEOUT_MS} ms: ${what}`, output);
		await sleep(20);
	}
}

function failure(what: string, output: { readonly stdout: string; readonly stderr: string }): Error {
	return new Error(`${what}\n${output.stdout}${output.stderr}`);
}

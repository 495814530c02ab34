/** The right Node: this process's own, or one that is fetched from npm once and kept for this user. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { attempt, npm } from "./command.mjs";
import { SetupFailure } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { cache } from "./places.mjs";
import { during } from "./progress.mjs";

const NODE_VERSION = "24.21.0";
/** What an installed package needs (`engines` in package.json). */
export const OLDEST_NODE = "22.13";
const FORWARDED = ["SIGTERM", "SIGHUP", "SIGQUIT"];

/** Whether this Node runs the built product. */
export const runsProduct = () => atLeast(22, 13);

/** Whether this Node runs TypeScript as it is, which the tests and tools of a checkout need. */
const runsCheckout = () =>
	(atLeast(22, 18) && process.versions.node.split(".")[0] !== "23") || atLeast(23, 6);

function atLeast(major, minor) {
	const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
	return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/**
 * Runs `main` in this process if its Node is new enough for a checkout; else runs `script` again with one that is,
 * and ends as that ends. The fetched Node stands first on PATH, so that whatever is started from there uses it too.
 */
export async function withRightNode(script, main) {
	if (runsCheckout()) {
		endWithParent();
		return main();
	}
	const home = await ensureNode();
	const env = {
		...process.env,
		PATH: `${join(home, "bin")}${delimiter}${process.env.PATH ?? ""}`,
		npm_config_nodedir: home, // native packages are built against its headers
	};
	process.exitCode = await passOn(join(home, "bin", "node"), [script, ...process.argv.slice(2)], env);
}

/** The folder that holds the fetched Node's bin/ and include/. */
async function ensureNode() {
	const home = cache("node", NODE_VERSION);
	const packageName = `node-${process.platform}-${process.arch}`;
	const inside = join(home, "node_modules", packageName);
	if (existsSync(join(inside, "bin", "node"))) return inside;
	return withLock(`node-${NODE_VERSION}`, async () => {
		if (existsSync(join(inside, "bin", "node"))) return inside;
		const text = `Fetching Node ${NODE_VERSION} (this is ${process.version}, ${OLDEST_NODE} or newer is needed)`;
		await during(text, () => fetchNode(home, packageName));
		return inside;
	});
}

async function fetchNode(home, packageName) {
	const fetching = `${home}.${process.pid}`;
	mkdirSync(fetching, { recursive: true });
	try {
		// The platform's own package: `node` itself is a script that would install this one.
		const args = ["--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts"];
		const wanted = `${packageName}@${NODE_VERSION}`;
		const fetched = await npm(["install", "--prefix", fetching, "--global=false", ...args, wanted], {
			cwd: fetching,
		});
		if (!fetched.ok) throw unavailable(`npm install ${wanted} failed:\n${fetched.output}`);
		const tried = await attempt(join(fetching, "node_modules", packageName, "bin", "node"), ["--version"]);
		if (!tried.ok) throw unavailable(`Node ${NODE_VERSION} from npm does not run here: ${tried.output}`);
		rmSync(home, { recursive: true, force: true });
		mkdirSync(dirname(home), { recursive: true });
		renameSync(fetching, home);
	} finally {
		rmSync(fetching, { recursive: true, force: true });
	}
}

const unavailable = (what) =>
	new SetupFailure(
		what,
		`Install Node 24 (https://nodejs.org) and start this again; this is ${process.version}.`,
	);

/** Runs a program in our place: its terminal, its signals, its exit code. */
function passOn(program, args, env) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { env, stdio: ["inherit", "inherit", "inherit", "ipc"] });
		for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
		// A terminal sends Ctrl-C to the child by itself; a second one would mean "at once".
		const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
		process.on("SIGINT", () => {
			if (!terminal) child.kill("SIGINT");
		});
		child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
	});
}

/** The other side of `passOn`: when the process that started us is killed, this one ends in an orderly way. */
function endWithParent() {
	if (process.channel === undefined || process.channel === null) return;
	process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
	process.channel.unref();
}

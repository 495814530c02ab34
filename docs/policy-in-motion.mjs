/**
 * A rule from an editor to every live session and back, in one terminal: `node docs/policy-in-motion.mjs`.
 *
 * It starts `npm run demo`, keeps one session open on it as the agent, and then does by the command line what a
 * security engineer does: edit, test, see the impact, build and sign, push, see it enforced, roll back. Each step says
 * how long it took. It ends with 0 only if each did what it says.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { resolveOpa } from "../tools/opa.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PATIENCE_MS = 120_000;
const QUERY = "SELECT method, count(*) FROM payments GROUP BY method";
const EDIT = "tools/demo/edit/payments.rego";
const POLICY = ["tools/demo/policy", "tools/demo/edit"];

const demo = spawn(process.execPath, [join(ROOT, "tools", "bootstrap.mjs"), "demo"], {
	cwd: ROOT,
	env: { ...process.env, NO_COLOR: "1" },
	stdio: ["ignore", "pipe", "inherit"],
});
let said = "";
demo.stdout.setEncoding("utf8").on("data", (text) => {
	said += text;
});
const ended = once(demo, "exit");

try {
	await step("start the demo", () => until(() => /^Stop\s/m.test(said)));
	const psql = found(/PGPASSWORD=(\S+) psql "host=(\S+) port=(\d+) dbname=(\S+) user=([^" ]+)"/);
	const dana = found(/export SALLYPORT_URL=(\S+) SALLYPORT_TOKEN=(\S+)/);
	const petra = found(/SALLYPORT_URL=(\S+) SALLYPORT_TOKEN=(\S+) npx sallyport bundle push/);
	const [, signKey, candidate] = found(/--sign-key (\S+) -o (\S+)/);
	const [, password, host, port, database, user] = psql;
	const session = new pg.Client({ host, port: Number(port), database, user, password });
	await session.connect();
	const denied = () =>
		session.query(QUERY).then(
			() => false,
			(error) => {
				if (error.code !== "42501") throw error;
				return true;
			},
		);

	await step("a live session reads payments: allowed", async () => expect(!(await denied())));
	await step(`edit: ${EDIT}`, async () => show(readFileSync(join(ROOT, EDIT), "utf8")));
	await step("test: opa test", async () =>
		show(await run(await resolveOpa({ quiet: true }), ["test", "policies", ...POLICY])),
	);
	await step("build and sign", async () =>
		show(await sallyport(["bundle", "build", ...POLICY, "--sign-key", signKey, "-o", candidate])),
	);
	await step("impact on what was recorded", async () => {
		const report = await sallyport(["policy", "impact", "--candidate", candidate], dana);
		show(report);
		expect(/payments-audit/.test(report));
	});
	await step("push", async () => show(await sallyport(["bundle", "push", "shop", candidate], petra)));
	await step("enforced: the open session is denied", () => until(denied));
	await step("which gateway runs what", async () => show(await sallyport(["bundle", "status"], petra)));
	await step("roll back", async () =>
		show(await sallyport(["bundle", "rollback", "shop", "--sign-key", signKey], petra)),
	);
	await step("enforced: the same session is allowed again", () => until(async () => !(await denied())));
	await session.end();
} finally {
	demo.kill("SIGINT");
	await ended;
}

async function step(name, work) {
	const started = performance.now();
	console.log(`\n== ${name}`);
	await work();
	console.log(`   ${Math.round(performance.now() - started)} ms`);
}

async function until(holds) {
	const deadline = performance.now() + PATIENCE_MS;
	while (!(await holds())) {
		if (demo.exitCode !== null || performance.now() > deadline)
			throw new Error(`it did not come to that:\n${said}`);
		await sleep(5);
	}
}

function found(pattern) {
	const match = pattern.exec(said);
	if (match === null) throw new Error(`the demo did not say ${pattern}:\n${said}`);
	return match;
}

function sallyport(args, [, url, token] = []) {
	const env = url === undefined ? {} : { SALLYPORT_URL: url, SALLYPORT_TOKEN: token };
	return run(process.execPath, [join(ROOT, "tools", "sallyport.mjs"), ...args], env);
}

function run(program, args, env = {}) {
	return new Promise((resolve, reject) => {
		execFile(program, args, { cwd: ROOT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
			if (error !== null) reject(new Error(`${stdout}${stderr}`, { cause: error }));
			else resolve(stdout);
		});
	});
}

function show(text) {
	for (const line of text.trimEnd().split("\n")) console.log(`   ${line}`);
}

function expect(holds) {
	if (!holds) throw new Error("that is not what was expected");
}

import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ensureBuilt } from "../../tools/setup/build.mjs";
import { psqlProgram } from "../support/clients/psql.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PATIENCE_MS = 60_000;
const run = promisify(execFile);

let scratch: string;
before(async () => {
	await ensureBuilt();
	// The demo's temporary files go here, so that whatever it leaves behind is seen.
	scratch = mkdtempSync(join(tmpdir(), "sallyport-acceptance-"));
	chmodSync(scratch, 0o711); // PostgreSQL runs as another user where we are root
});
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Running {
	readonly child: ChildProcess;
	output(): string;
}

/** On a machine without opa: the compiled policies that are shipped must do. */
function startDemo(...args: string[]): Running {
	const child = spawn(process.execPath, [join(ROOT, "dist", "cli", "main.js"), "demo", ...args], {
		cwd: ROOT,
		env: { ...process.env, TMPDIR: scratch, SALLYPORT_OPA: "/nowhere/opa", NO_COLOR: "1" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
	}
	return { child, output: () => output };
}

/** Waits for something; `ended` says that it may come after the demo has ended. */
async function until(
	what: string,
	holds: () => boolean,
	{ child, output }: Running,
	ended = false,
): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	while (!holds()) {
		assert.ok(Date.now() < deadline, `not in time: ${what}\n${output()}`);
		assert.ok(
			ended || (child.exitCode ?? child.signalCode) === null,
			`it ended before: ${what}\n${output()}`,
		);
		await sleep(50);
	}
}

/** No file, and no process whose command line names the demo's directory. */
function nothingLeft(): boolean {
	const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	return readdirSync(scratch).length === 0 && !processes.some((pid) => commandLine(pid).includes(scratch));
}

function commandLine(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8");
	} catch {
		return ""; // it has ended meanwhile
	}
}

test("the demo stays up with lines that work when pasted, and Ctrl-C leaves nothing behind", async () => {
	const demo = startDemo();
	await until("the demo says how to stop it", () => demo.output().includes("Ctrl-C, which removes"), demo);
	assert.doesNotMatch(demo.output(), /✗/);

	const psql = demo
		.output()
		.split("\n")
		.find((line) => line.startsWith("PGPASSWORD="));
	const path = {
		env: { ...process.env, PATH: `${resolve(await psqlProgram(), "..")}:${process.env["PATH"]}` },
	};
	const masked = await run("bash", ["-c", `${psql} -Atc "SELECT email FROM customers WHERE id = 7"`], path);
	assert.equal(masked.stdout, "f***@***.org\n");

	const snippet = /^node --input-type=module -e '\n[^']+'$/m.exec(demo.output())?.[0] ?? "false";
	const shown = await run("bash", ["-c", snippet], { cwd: ROOT });
	assert.match(shown.stdout, /j\*\*\*@\*\*\*\.org/);

	demo.child.kill("SIGINT");
	const [code] = await once(demo.child, "exit");
	assert.equal(code, 0);
	await until("nothing is left", nothingLeft, demo, true);
});

for (const [moment, line] of [
	["while it is being set up", "Sallyport, between"],
	["in the middle of the scenario", "4  A bulk update"],
] as const) {
	test(`a demo that is killed ${moment} leaves nothing behind`, async () => {
		const demo = startDemo("--once");
		await until(line, () => demo.output().includes(line), demo);
		const ended = once(demo.child, "exit");
		demo.child.kill("SIGKILL");
		await ended;
		await until("nothing is left", nothingLeft, demo, true);
	});

	test(`a demo that is interrupted ${moment} ends with 130 and leaves nothing behind`, async () => {
		const demo = startDemo("--once");
		await until(line, () => demo.output().includes(line), demo);
		const ended = once(demo.child, "exit");
		demo.child.kill("SIGTERM");
		assert.deepEqual(await ended, [130, null]);
		await until("nothing is left", nothingLeft, demo, true);
	});
}

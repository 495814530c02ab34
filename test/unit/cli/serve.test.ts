import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buildBundle } from "../../../src/policy/build/index.ts";
import { sallyport } from "./support.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

describe("sallyport serve", () => {
	let directory: string;
	let gateway: ChildProcess;
	/** Asked for at once, so that an early end is not waited for in vain. */
	let exited: Promise<unknown[]>;
	let url: string;
	const listeners: string[] = [];
	const log: string[] = [];
	const configure = (address: string, connections: string) =>
		writeFile(
			join(directory, "sallyport.yaml"),
			`
listeners: { control: { address: "${address}" }, postgres: { address: "127.0.0.1:0" } }
identity: { static_tokens: [{ token: dana, subject: dana, kind: human, groups: [admins] }] }
labels: { site: here }
bundles: { main: { resource: "file://.sallyport/shelf/main/current.tar.gz" } }
connections: ${connections}
`,
		);
	const serve = () =>
		spawn(process.execPath, [MAIN, "serve", "-c", join(directory, "sallyport.yaml")], {
			stdio: ["ignore", "pipe", "pipe"],
		});

	before(async () => {
		directory = await mkdtemp(join(tmpdir(), "sallyport-serve-"));
		const shelf = join(directory, ".sallyport", "shelf", "main");
		await mkdir(shelf, { recursive: true });
		await writeFile(
			join(shelf, "current.tar.gz"),
			(await buildBundle({ dirs: [], revision: "first" })).archive,
		);
		await configure("127.0.0.1:0", "[]");
		gateway = serve();
		exited = once(gateway, "exit");
		createInterface({ input: gateway.stderr as NodeJS.ReadableStream }).on("line", (line) => log.push(line));
		for await (const line of createInterface({ input: gateway.stdout as NodeJS.ReadableStream })) {
			listeners.push(line);
			if (listeners.length === 2) break;
		}
		assert.equal(listeners.length, 2, `the gateway did not start:\n${log.join("\n")}`);
		url = listeners.find((line) => line.startsWith("control "))?.slice("control ".length) ?? "";
	});
	after(async () => {
		gateway.kill("SIGKILL");
		await rm(directory, { recursive: true, force: true });
	});

	const until = async (wanted: () => Promise<boolean> | boolean) => {
		for (let tries = 0; tries < 100 && !(await wanted()); tries += 1) {
			await new Promise((done) => setTimeout(done, 50));
		}
		assert.ok(await wanted(), log.join("\n"));
	};

	it("prints a line a listener and is ready", async () => {
		assert.deepEqual(
			listeners.map((line) => line.replace(/\d+$/, "PORT")),
			["control http://127.0.0.1:PORT", "postgres 127.0.0.1:PORT"],
		);
		const ready = await fetch(new URL("readyz", url));
		assert.deepEqual(await ready.json(), { ready: true, policy: true, record: true });
		for (const line of log) assert.deepEqual(JSON.parse(line).labels, { site: "here" });
	});

	it("runs with the engine's code in large pages, in the process that was started", () => {
		const command = readFileSync(`/proc/${gateway.pid}/cmdline`, "utf8").split("\0");
		assert.equal(command.includes("--use-largepages=silent"), process.execve !== undefined);
	});

	it("runs on the bundle that it serves: a pushed one is in force at once", async () => {
		const env = { SALLYPORT_URL: url, SALLYPORT_TOKEN: "dana" };
		assert.match((await sallyport(["bundle", "status"], env)).out, /^In force: first, since /);
		const file = join(directory, "second.tar.gz");
		assert.equal((await sallyport(["bundle", "build", "-o", file, "--revision", "second"])).code, 0);
		const pushed = await sallyport(["bundle", "push", "main", file], env);
		assert.equal(pushed.code, 0, pushed.err);
		await until(async () => /^In force: second/.test((await sallyport(["bundle", "status"], env)).out));
	});

	it("takes up the connections on SIGHUP, and none from a file with mistakes", async () => {
		const names = async () => {
			const answer = await sallyport(["connections", "ls", "--json"], {
				SALLYPORT_URL: url,
				SALLYPORT_TOKEN: "dana",
			});
			return (JSON.parse(answer.out) as { name: string }[]).map(({ name }) => name).join();
		};
		const upstream = "upstream: { host: 127.0.0.1, database: d, user: u }";
		await configure("127.0.0.1:0", `[{ name: a, type: postgres, ${upstream} }]`);
		gateway.kill("SIGHUP");
		await until(async () => (await names()) === "a");
		await configure("127.0.0.1:0", `[{ name: b, type: postgress, ${upstream} }]`);
		gateway.kill("SIGHUP");
		await until(() => log.some((line) => line.includes("config_invalid")));
		assert.equal(await names(), "a");
	});

	it("ends with 1 and the product's own message when an address is taken", async () => {
		await configure(new URL(url).host, "[]");
		const second = serve();
		const said: string[] = [];
		createInterface({ input: second.stderr as NodeJS.ReadableStream }).on("line", (line) => said.push(line));
		const [code] = await once(second, "exit");
		assert.equal(code, 1);
		assert.ok(said.includes("code: listener_unavailable"), said.join("\n"));
	});

	it("stops on SIGTERM with 0, and its record is intact", async () => {
		gateway.kill("SIGTERM");
		const [code] = await exited;
		assert.equal(code, 0);
		const verified = await sallyport(["audit", "verify", join(directory, ".sallyport", "record")]);
		assert.equal(verified.code, 0, verified.out);
	});
});

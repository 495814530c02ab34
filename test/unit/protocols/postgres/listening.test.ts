import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ListeningError, LocalSocket } from "../../../../src/protocols/postgres/listening/index.ts";

const DOOR = new URL("../../../../src/protocols/postgres/listening/index.ts", import.meta.url).href;

describe("a Unix socket to listen on", () => {
	let directory: string;
	before(() => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-listening-"));
	});
	after(() => rmSync(directory, { recursive: true, force: true }));

	const listen = (port: number, permissions = 0o700) =>
		LocalSocket.listen(createServer(), { directory: join(directory, "made"), port, permissions });
	const path = (port: number) => join(directory, "made", `.s.PGSQL.${port}`);
	const refused = (code: string) => (error: unknown) =>
		error instanceof ListeningError && error.code === code;

	/** Another process that listens there; answers what ends it. */
	const elsewhere = async (port: number): Promise<() => Promise<void>> => {
		const options = { directory: join(directory, "made"), port, permissions: 0o700 };
		const program = `
			import { createServer } from "node:net";
			import { LocalSocket } from ${JSON.stringify(DOOR)};
			await LocalSocket.listen(createServer(), ${JSON.stringify(options)});
			console.log("ready");
		`;
		const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await once(child.stdout, "data");
		return async () => {
			child.kill("SIGKILL");
			await once(child, "exit");
		};
	};

	it("has the permissions asked for, in a directory that is made, and goes with its lock file", async () => {
		for (const permissions of [0o700, 0o770, 0o777]) {
			const socket = await listen(1, permissions);
			assert.equal(lstatSync(path(1)).mode & 0o777, permissions);
			assert.equal(lstatSync(`${path(1)}.lock`).mode & 0o777, 0o600);
			assert.equal(readFileSync(`${path(1)}.lock`, "utf8").split("\n")[0], String(process.pid));
			socket.close();
			assert.ok(!existsSync(path(1)) && !existsSync(`${path(1)}.lock`));
		}
	});

	it("is not taken from a process that lives, and is from one that was killed", async () => {
		const kill = await elsewhere(2);
		await assert.rejects(listen(2), refused("socket_taken"));
		assert.ok(existsSync(path(2)));
		await kill();
		assert.ok(existsSync(path(2)) && existsSync(`${path(2)}.lock`));
		(await listen(2)).close();
	});

	it("is not taken from who listens without a lock file", async () => {
		(await listen(3)).close();
		const server = createServer().listen(path(3));
		await once(server, "listening");
		await assert.rejects(listen(3), refused("socket_taken"));
		assert.ok(!existsSync(`${path(3)}.lock`));
		server.close();
	});

	it("takes the place of nothing but a socket", async () => {
		writeFileSync(path(4), "mine");
		await assert.rejects(listen(4), refused("socket_unusable"));
		assert.equal(readFileSync(path(4), "utf8"), "mine");
	});

	it("takes over a lock file that was cut off, or has this process's own id from before", async () => {
		for (const text of ["", "\n", `${process.pid}\n/data\n`, "999999999\n"]) {
			writeFileSync(`${path(5)}.lock`, text);
			(await listen(5)).close();
		}
		writeFileSync(`${path(5)}.lock`, "-1\n/var/lib/postgresql\n"); // PostgreSQL that starts up
		await assert.rejects(listen(5), refused("socket_taken"));
	});

	it("says so where it can't be made", async () => {
		writeFileSync(join(directory, "file"), "");
		const options = { directory: join(directory, "file"), port: 6, permissions: 0o700 };
		await assert.rejects(LocalSocket.listen(createServer(), options), refused("socket_unusable"));
	});
});

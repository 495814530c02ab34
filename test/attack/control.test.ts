import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { createGzip, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { BundleShelf, bundleInspector } from "../../src/control/index.ts";
import { type Log, systemClock } from "../../src/lib/index.ts";
import { makeAuthority } from "../support/certificates.ts";
import { type Control, startControl } from "../unit/control/support.ts";

/** Sends bytes as they are and answers what comes back until the server closes, with how long that took. */
function raw(port: number, text: string): Promise<{ answer: string; seconds: number }> {
	const started = Date.now();
	return new Promise((resolve) => {
		let answer = "";
		const socket = connect(port, "127.0.0.1", () => socket.write(text));
		socket.setEncoding("latin1").on("data", (chunk) => {
			answer += chunk;
		});
		socket.on("error", () => undefined);
		socket.on("close", () => resolve({ answer, seconds: (Date.now() - started) / 1_000 }));
	});
}

const pushed = { by: "test", commit: null, channel: "stable", canaries: null } as const;

describe("attacks on the control listener", () => {
	let control: Control;
	let port: number;
	const logged: string[] = [];
	const log = (fields: object, message: string) => {
		logged.push(
			message +
				JSON.stringify(fields, (_key, value) => (value instanceof Error ? String(value.stack) : value)),
		);
	};
	before(async () => {
		control = await startControl({ log: { debug: log, info: log, warn: log, error: log } satisfies Log });
		control.state.decide = () => true;
		port = Number(new URL(control.url).port);
	});
	after(() => control.stop());

	it("a client that stalls in its handshake or its headers is dropped, and others are served meanwhile", async () => {
		const encrypted = await startControl({}, makeAuthority().issue());
		try {
			const tlsPort = Number(new URL(encrypted.url).port);
			const stalled = Promise.all([
				raw(port, "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: "),
				raw(tlsPort, ""),
				raw(tlsPort, "\u0016\u0003\u0001\u0002"),
			]);
			assert.equal((await control.get("/healthz", { token: "" })).status, 200);
			for (const { seconds } of await stalled) assert.ok(seconds < 20, `${seconds} s`);
		} finally {
			await encrypted.stop();
		}
	});

	it("where a request comes from is what the socket says, whatever its headers claim", async () => {
		const headers = { "x-forwarded-for": "10.0.0.1", forwarded: "for=10.0.0.1", "x-real-ip": "10.0.0.1" };
		await control.get("/api/v1/whoami", { headers });
		assert.equal(control.state.asked.at(-1)?.client_address, "127.0.0.1");
		const spoofed = await raw(
			port,
			"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
		);
		assert.match(spoofed.answer, /^HTTP\/1\.1 400/);
	});

	it("two requests are not hidden in one", async () => {
		const both =
			"POST /api/v1/sessions/x/kill HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/tokens HTTP/1.1\r\nhost: x\r\n\r\n";
		const { answer } = await raw(port, both);
		assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
		assert.match(answer, /^HTTP\/1\.1 400/);
	});

	it("another site's page can do nothing: no cookie counts, no simple request is taken, no origin is let in", async () => {
		const simple = {
			"content-type": "text/plain",
			origin: "https://evil.example",
			cookie: "token=dana-token",
		};
		const body = Buffer.from('{"reason":"x"}');
		const anonymous = await control.call("POST", "/api/v1/approvals/x/approve", {
			token: "",
			headers: simple,
			body,
		});
		assert.equal(anonymous.status, 401);
		const typed = await control.call("POST", "/api/v1/approvals/x/approve", { headers: simple, body });
		assert.equal(typed.status, 415);
		const preflight = await control.call("OPTIONS", "/api/v1/approvals/x/approve", {
			token: "",
			headers: simple,
		});
		assert.equal(preflight.status, 404);
		assert.equal(preflight.headers.get("access-control-allow-origin"), null);
		assert.equal((await control.get("/api/v1/whoami?token=dana-token", { token: "" })).status, 401);
	});

	it("no id, name or path leads out of its place", async () => {
		for (const id of ["..%2f..%2fetc%2fpasswd", "%2e%2e", "a%00b", "..", "x%5c..%5cy", "%ff"]) {
			for (const path of [
				`/api/v1/sessions/${id}/replay`,
				`/bundles/${id}`,
				`/approvals/${id}`,
				`/api/v1/approvals/${id}`,
			]) {
				const { status } = await control.get(path);
				assert.ok([400, 404].includes(status), `${path}: ${status}`);
			}
		}
		assert.equal(
			(await raw(port, "GET //evil.example/%2e%2e HTTP/1.0\r\n\r\n")).answer.includes("location:"),
			false,
		);
	});

	it("an archive that unpacks to more than the limit is refused before it has been unpacked", async () => {
		const shelf = new BundleShelf({
			directory: join(control.directory, "bombs"),
			clock: systemClock,
			keep: 50,
			waiting: 10,
			...bundleInspector({ bundles: {}, keys: {} }),
		});
		const zeros = Buffer.alloc(16 << 20);
		const zip = createGzip({ level: 1 });
		const packed = buffer(zip);
		for (let part = 0; part < 20; part += 1) {
			if (!zip.write(zeros)) await new Promise((resolve) => zip.once("drain", resolve));
		}
		zip.end();
		const before = process.memoryUsage().rss;
		await assert.rejects(shelf.publish("main", await packed, pushed), { code: "bundle_too_large" });
		assert.ok(process.memoryUsage().rss - before < 700 << 20);
		assert.deepEqual(await shelf.list(), []);
	});

	it("an archive with a link or a path out of itself is refused", async () => {
		const shelf = new BundleShelf({
			directory: join(control.directory, "links"),
			clock: systemClock,
			keep: 50,
			waiting: 10,
			...bundleInspector({ bundles: {}, keys: {} }),
		});
		for (const header of [
			{ name: "data.json", type: "symlink" as const, linkname: "/etc/passwd" },
			{ name: "../../data.json", type: "file" as const },
		]) {
			const tar = pack();
			if (header.type === "file") tar.entry(header, "{}");
			else tar.entry(header);
			tar.finalize();
			await assert.rejects(shelf.publish("main", gzipSync(await buffer(tar)), pushed), {
				code: "bundle_invalid",
			});
		}
	});

	it("tokens stand in no answer and no line of the log", async () => {
		for (const token of ["dana-token", "wrong-secret-token"]) {
			const said = [
				await control.get("/api/v1/sessions/unknown", { token }),
				await control.get("/nowhere", { token }),
			];
			for (const { text } of said) assert.ok(!text.includes(token));
		}
		await control.post("/api/v1/policy/eval", { connection: "orders", sql: "select 1" });
		assert.ok(!logged.join("\n").includes("-token"), logged.join("\n"));
	});
});

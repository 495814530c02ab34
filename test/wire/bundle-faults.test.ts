import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type Entry, KEYS, signatures, sorted, targz, token, unpacked } from "./bundles/archive.ts";

const DEFAULT = resolve(import.meta.dirname, "../../tools/prebuilt/default.tar.gz");
const POLLING = { min_delay_seconds: 0.05, max_delay_seconds: 0.1 };

type Respond = (response: ServerResponse, request: IncomingMessage) => void;
type Change = (entries: readonly Entry[]) => readonly Entry[];

/** Each way in which a bundle, a key, a server or a network is wrong, and what has to be said of it. */
describe("whatever is wrong with a bundle or its server", () => {
	let good: readonly Entry[];
	let respond: Respond;
	let gateway: RunningGateway;
	const server = createServer((request, response) => respond(response, request));
	const serve =
		(body: Buffer, headers: Record<string, string> = {}): Respond =>
		(response) =>
			response.writeHead(200, headers).end(body);
	const signed = async (change: Change = (entries) => entries, by: "rs" | "stranger" = "rs") => {
		const entries = change(good);
		return targz([...entries, signatures(token(entries, { by }))]);
	};
	const manifest =
		(fields: (manifest: Record<string, unknown>) => object): Change =>
		(entries) =>
			entries.map(([header, content]) => {
				if (header.name !== ".manifest") return [header, content];
				const before = JSON.parse(String(content));
				return [header, sorted({ ...before, ...fields(before) })];
			});
	const sequence = (value: number) =>
		manifest((before) => {
			const metadata = before["metadata"] as { sallyport: object };
			return { metadata: { ...metadata, sallyport: { ...metadata.sallyport, sequence: value } } };
		});
	const replace =
		(name: string, content: string | Buffer): Change =>
		(entries) =>
			entries.map((entry) => (entry[0].name === name ? [entry[0], content] : entry));

	before(async () => {
		good = sequence(100)(await unpacked(readFileSync(DEFAULT)));
		respond = serve(await signed());
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		gateway = await startGateway({
			upstream: { host: "127.0.0.1", port: 1, database: "none", user: "nobody" },
			config: {
				services: { hq: { url, response_header_timeout_seconds: 1 } },
				keys: { rs: KEYS.rs },
				bundles: {
					main: {
						service: "hq",
						resource: "main",
						polling: POLLING,
						signing: { keyid: "rs" },
						size_limit_bytes: 4 << 20,
						persist: true,
					},
				},
			},
		});
		await status((main) => main.active_revision !== null);
	});
	after(async () => {
		await gateway?.stop();
		server.closeAllConnections();
		server.close();
	});

	interface Main {
		readonly active_revision: string | null;
		readonly active_sequence: number | null;
		readonly failures: number;
		readonly error: { code: string; message: string; remedy: string } | null;
	}

	/** What `bundle status` asks; through HTTP, which takes no process each time. */
	async function status(holds: (main: Main) => boolean): Promise<Main> {
		let last: Main | undefined;
		for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(30)) {
			const answer = await fetch(`${gateway.controlUrl}/api/v1/bundles`, {
				headers: { authorization: `Bearer ${gateway.tokens.admin}` },
			});
			if (!answer.ok) throw new Error("the policy before is not in force: the admin may not even look");
			const { bundles } = (await answer.json()) as { bundles: Main[] };
			const [main] = bundles;
			last = main;
			if (main !== undefined && holds(main)) return main;
		}
		throw new Error(`the status never came, but ${JSON.stringify(last)}`);
	}

	const GZIP = { "content-type": "application/gzip" };
	const faults: readonly (readonly [string, string, () => Promise<Respond> | Respond])[] = [
		["a server that says no", "bundle_unreachable", () => (response) => response.writeHead(403).end()],
		["a server that is broken", "bundle_unreachable", () => (response) => response.writeHead(500).end("x")],
		[
			"a redirection",
			"bundle_unreachable",
			() => (response) => response.writeHead(302, { location: "/x" }).end(),
		],
		["a connection that breaks", "bundle_unreachable", () => (response) => response.destroy()],
		["a server that never answers", "bundle_unreachable", () => () => undefined],
		[
			"nothing new where nothing was asked about",
			"bundle_unreachable",
			() => (response) => response.writeHead(204).end(),
		],
		[
			"an answer that breaks off",
			"bundle_truncated",
			async () => {
				const body = await signed();
				return (response) => {
					response.writeHead(200, { "content-length": String(body.length) }).write(body.subarray(0, 5_000));
					setTimeout(() => response.destroy(), 20);
				};
			},
		],
		["half an archive", "bundle_truncated", async () => serve((await signed()).subarray(0, 5_000))],
		[
			"a web page",
			"bundle_invalid",
			() => serve(Buffer.from("<html>login</html>"), { "content-type": "text/html" }),
		],
		["more than the limit", "bundle_too_large", () => serve(Buffer.alloc(5 << 20), GZIP)],
		[
			"a bomb",
			"bundle_too_large",
			async () => serve(await targz([[{ name: "data.json" }, Buffer.alloc(64 << 20, " ")]])),
		],
		["no signature", "bundle_signature", async () => serve(await targz(good))],
		["a stranger's signature", "bundle_signature", async () => serve(await signed(undefined, "stranger"))],
		[
			"a file that was changed after it was signed",
			"bundle_signature",
			async () => {
				const entries = await unpacked(await signed());
				return serve(await targz(replace("data.json", '{"sallyport":{"packs":{}}}')(entries)));
			},
		],
		["an older sequence", "bundle_sequence", async () => serve(await signed(sequence(99)))],
		[
			"no sequence at all",
			"bundle_sequence",
			async () => serve(await signed(manifest(() => ({ metadata: {} })))),
		],
		[
			"a module that is none",
			"bundle_module",
			async () => serve(await signed(replace("policy.wasm", "garbage"))),
		],
		[
			"a module that is missing",
			"bundle_invalid",
			async () => serve(await signed((entries) => entries.filter(([{ name }]) => name !== "policy.wasm"))),
		],
		[
			"rules that were not compiled",
			"bundle_module",
			async () => serve(await signed(manifest(() => ({ wasm: [] })))),
		],
		[
			"data without a policy",
			"bundle_no_entrypoint",
			async () =>
				serve(
					await signed((entries) =>
						manifest(() => ({ wasm: [] }))(entries.filter(([{ name }]) => !name.endsWith(".rego"))),
					),
				),
		],
		["a manifest that is none", "bundle_invalid", async () => serve(await signed(replace(".manifest", "{")))],
		[
			"roots that don't hold the data",
			"bundle_roots",
			async () => serve(await signed(manifest(() => ({ roots: ["elsewhere"] })))),
		],
		[
			"a delta of a bundle that is kept",
			"bundle_delta",
			async () =>
				serve(
					await targz([
						[{ name: ".manifest" }, '{"roots":["sallyport"]}'],
						[{ name: "patch.json" }, '{"data":[{"op":"upsert","path":"/sallyport/packs","value":{}}]}'],
					]),
				),
		],
	];

	for (const [name, code, make] of faults) {
		it(`${name}: the revision before stays, and ${code} is told everywhere`, async () => {
			const before = await status((main) => main.error === null);
			const logged = gateway.log().length;
			respond = await make();
			const main = await status(({ error }) => error?.code === code);
			assert.equal(main.active_revision, before.active_revision);
			assert.equal(main.active_sequence, 100);
			assert.ok(main.failures > 0);
			assert.ok((main.error?.remedy ?? "").length > 10);
			assert.ok(gateway.log().slice(logged).includes(`"code":"${code}"`), "in the log");
			const metrics = await fetch(`${gateway.controlUrl}/metrics`, {
				headers: { authorization: `Bearer ${gateway.tokens.admin}` },
			});
			const text = await metrics.text();
			assert.match(
				text,
				new RegExp(`sallyport_bundle_failures_total\\{bundle="main",code="${code}"\\} [1-9]`),
			);
			assert.match(text, /sallyport_bundle_healthy\{bundle="main"\} 0/);
			respond = serve(await signed());
			await status(({ error }) => error === null);
		});
	}

	it("`bundle status` shows code and remedy to people as well", async () => {
		respond = (response) => response.writeHead(403).end();
		await status(({ error }) => error !== null);
		const { stdout } = await gateway.cli(["bundle", "status"]);
		assert.match(stdout, /answered with status 403.*\(bundle_unreachable\): check/s);
		respond = serve(await signed());
		await status(({ error }) => error === null);
	});

	it("a disk that takes nothing is told until it does, and a restart never goes below what was in force", async () => {
		const kept = join(gateway.directory, "data", "bundles", "bundles", "main", ".sequence.new");
		mkdirSync(kept); // in the place of the file that is to be written
		respond = serve(await signed(sequence(101)));
		const failing = await status(({ error }) => error?.code === "bundle_persist");
		assert.equal(failing.active_sequence, 101, "it is in force all the same");
		rmSync(kept, { recursive: true });
		await status(({ error }) => error === null);
		const sequenceFile = join(gateway.directory, "data", "bundles", "bundles", "main", "sequence");
		assert.equal(readFileSync(sequenceFile, "utf8"), "101\n");
	});
});

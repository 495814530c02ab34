import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { ETags } from "../../../src/policy/bundle/etags.ts";
import { errorOf, revision, Surroundings, until } from "./runtimes.ts";
import { build, sources, withManifest } from "./support.ts";

const around = new Surroundings();
const base = await build(sources());
const first = await withManifest(base, { roots: ["sallyport"], revision: "first" });
const second = await withManifest(base, { roots: ["sallyport"], revision: "second" });
const BUNDLES = "application/vnd.openpolicyagent.bundles";
/** Long enough that no test is passed by plain polling. */
const LONG = {
	polling: { min_delay_seconds: 600, max_delay_seconds: 600, long_polling_timeout_seconds: 30 },
};

/** Answers what is new at once and holds everybody else, as a server does that can. */
function holding(type = BUNDLES) {
	const held: ServerResponse[] = [];
	const serve = (response: ServerResponse) =>
		response.writeHead(200, { etag: around.server.etag, "content-type": type }).end(around.server.archive);
	around.server.respond = (response, request) => {
		if (request.headers["if-none-match"] === around.server.etag) held.push(response);
		else serve(response);
	};
	return {
		held,
		publish: (archive: Buffer) => {
			around.server.archive = archive;
			for (const response of held.splice(0)) serve(response);
		},
	};
}

test("a long poll takes up what is published at once, and goes on", async () => {
	const server = holding();
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq", ...LONG } });
	assert.equal(revision(runtime), "first");
	assert.equal(
		around.server.requests[0]?.prefer,
		"modes=snapshot,delta",
		"the first answer is not waited for",
	);
	assert.equal(around.server.requests[0]?.labels, "id=gw-1, site=a%2C%20b%3Dc");
	await until("it waits", () => server.held.length === 1);
	assert.equal(around.server.requests.at(-1)?.prefer, "modes=snapshot,delta;wait=30");
	for (const archive of [second, first, second]) {
		const published = performance.now();
		server.publish(archive);
		await until("in force", () => revision(runtime) === (archive === first ? "first" : "second"));
		assert.ok(performance.now() - published < 2_000);
		await until("it waits again", () => server.held.length === 1);
	}
	for (const response of server.held.splice(0)) response.writeHead(304).end();
	await until("it waits again after a 304", () => server.held.length === 1);
	assert.equal(errorOf(runtime), undefined);
});

test("long polling ends where the answer's type is another one", async () => {
	for (const type of ["application/gzip", `${BUNDLES}; charset=binary`]) {
		const server = holding(type);
		around.server.archive = first;
		around.server.requests.length = 0;
		const polling = { ...LONG.polling, min_delay_seconds: 0.05, max_delay_seconds: 0.05 };
		const runtime = await around.start({ main: { service: "hq", polling } });
		await until("it asks again", () => server.held.length === 1);
		assert.equal(around.server.requests.at(-1)?.prefer, "modes=snapshot,delta");
		await runtime.stop();
	}
});

test("a server that answers long polls at once is not asked without a pause", async () => {
	around.server.archive = first;
	around.server.respond = (response, request) =>
		request.headers["if-none-match"] === around.server.etag
			? response.writeHead(304).end()
			: response.writeHead(200, { etag: around.server.etag, "content-type": BUNDLES }).end(first);
	await around.start({ main: { service: "hq", ...LONG } });
	const started = performance.now();
	await until("several polls", () => around.server.requests.length >= 6);
	assert.ok(performance.now() - started > 350, "ten a second at most");
});

test("after a failed bundle the long poll names the last one in force", async () => {
	const server = holding();
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq", ...LONG } });
	const etag = around.server.etag;
	await until("it waits", () => server.held.length === 1);
	server.publish(Buffer.from("broken"));
	await until("refused", () => errorOf(runtime) !== undefined);
	await until("asked again", () => around.server.requests.at(-1)?.etag === etag);
	assert.equal(revision(runtime), "first");
	server.publish(second);
	await until("in force", () => revision(runtime) === "second" && errorOf(runtime) === undefined);
});

test("a bundle with a manual trigger is asked for when somebody says so, and not before", async () => {
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq", trigger: "manual" } });
	assert.equal(runtime.active, undefined);
	assert.equal(around.server.requests.length, 0);
	assert.equal(await runtime.trigger("another"), false);
	assert.equal(await runtime.trigger("main"), true);
	assert.equal(revision(runtime), "first");
	around.server.archive = second;
	await Promise.all([runtime.trigger(), runtime.trigger(), runtime.trigger("main")]);
	assert.equal(revision(runtime), "second");
	const asked = around.server.requests.length;
	assert.ok(asked <= 4, String(asked));
});

test("a trigger ends a long poll's wait", async () => {
	const server = holding();
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq", ...LONG } });
	await until("it waits", () => server.held.length === 1);
	around.server.archive = second; // and the server tells nobody
	await runtime.trigger();
	assert.equal(revision(runtime), "second");
	assert.equal(errorOf(runtime), undefined);
	await until("it waits again", () => around.server.requests.at(-1)?.prefer.includes("wait=30") === true);
});

test("the tags of replaced bundles are sent for their time, and no more than eight of them", () => {
	const tags = new ETags(1000);
	assert.equal(tags.header(0), undefined);
	tags.activated('"a"', 0);
	tags.activated('"b"', 10);
	assert.equal(tags.header(20), '"b", "a"');
	tags.activated('"a"', 30);
	assert.equal(tags.header(40), '"a", "b"');
	assert.equal(tags.header(1031), '"a"');
	for (let n = 0; n < 20; n++) tags.activated(`"${n}"`, 2000);
	assert.equal(tags.header(2000)?.split(", ").length, 9);
	tags.activated(undefined, 2000);
	assert.equal(tags.header(2000), undefined);
	const plain = new ETags(0);
	plain.activated('"a"');
	plain.activated('"b"');
	assert.equal(plain.header(), '"b"');
});

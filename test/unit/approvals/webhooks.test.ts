import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "../../../src/approvals/index.ts";
import { Secret } from "../../../src/lib/index.ts";
import { makeBinding, makeRequirement, openDesk } from "../../support/approvals.ts";
import { serveHttp } from "../../support/issuer.ts";
import { makeApprover, makeLog } from "../../support/people.ts";

const ask = {
	binding: makeBinding({ text: "DELETE FROM orders\u202e" }),
	requirement: makeRequirement(),
	command: "d",
};

async function receive(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
	const server = await serveHttp(async (request, response) => answer(request, response, await text(request)));
	const log = makeLog();
	const hook = new Webhook({ type: "webhook", url: `${server.url}/hook`, secret: new Secret("shared") }, log);
	const desk = openDesk({ notify: (event) => hook.notify(event) });
	return { ...server, hook, log, ...desk };
}

test("a receiver is told of the request and of the answer, signed, in order", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const got: { event: string; approval: { display: { text: string }; url: string } }[] = [];
	const { approvals, close } = await receive((request, response, body) => {
		const [, time, signature] =
			/^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers["sallyport-signature"])) ?? [];
		assert.equal(signature, createHmac("sha256", "shared").update(`${time}.${body}`).digest("hex"));
		assert.ok(Math.abs(Number(time) - Date.now() / 1000) < 10);
		assert.equal(request.headers["content-type"], "application/json");
		response.end();
		got.push(JSON.parse(body));
		if (got.length === 2) resolve();
	});
	const pending = approvals.request(ask);
	approvals.answer(pending.id, makeApprover(), "approve");
	await promise;
	assert.deepEqual(
		got.map(({ event }) => event),
		["requested", "granted"],
	);
	assert.equal(got[0]?.approval.display.text, "DELETE FROM orders⟨U+202E⟩");
	assert.equal(got[0]?.approval.url, pending.view().url);
	await close();
});

test("a receiver that fails is tried again, and never holds a request up", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	let attempts = 0;
	const { approvals, close, log } = await receive((_request, response) => {
		attempts += 1;
		response.writeHead(attempts < 2 ? 500 : 204).end();
		if (attempts === 2) resolve();
	});
	const began = performance.now();
	approvals.request(ask);
	assert.ok(performance.now() - began < 200);
	await promise;
	assert.equal(attempts, 2);
	assert.equal(JSON.stringify(log.lines).includes("shared"), false);
	await close();
});

test("a redirect is not followed with a signed body", async () => {
	const paths: string[] = [];
	const { approvals, close, hook } = await receive((request, response) => {
		paths.push(String(request.url));
		response.writeHead(307, { location: "/elsewhere" }).end();
	});
	approvals.request(ask);
	await sleep(300);
	hook.close();
	assert.deepEqual(new Set(paths), new Set(["/hook"]));
	await close();
});

test("notifications that pile up are bounded, and closing gives them up", async () => {
	const { approvals, close, hook, log, events } = await receive(() => undefined);
	approvals.request(ask);
	const [event] = events;
	assert.ok(event);
	for (let at = 0; at < 600; at += 1) hook.notify(event);
	assert.ok(log.lines.some(({ message }) => message.includes("dropped")));
	hook.close();
	await close();
});

test("an address without TLS elsewhere is refused", () => {
	const secret = new Secret("shared");
	for (const url of ["http://hooks.corp.test/x", "ftp://127.0.0.1/", "nothing"]) {
		assert.throws(() => new Webhook({ type: "webhook", url, secret }, makeLog()), {
			code: "approval_webhook_invalid",
		});
	}
});

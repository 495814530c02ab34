import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import type { TlsMode } from "../../../../../src/connections/index.ts";
import {
	AUTHENTICATION_CLEARTEXT,
	AUTHENTICATION_OK,
	Backend,
	encodeErrorResponse,
	encodeReadyForQuery,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import { MessageWriter } from "../../../../../src/protocols/postgres/codec/writer.ts";
import {
	connectServer,
	type UpstreamErrorCode,
} from "../../../../../src/protocols/postgres/upstream/index.ts";
import { failure, upstreamOf } from "./fixtures.ts";

type Behaviour = (socket: Socket) => void;

const servers: Server[] = [];
after(() => {
	for (const server of servers) server.close();
});

async function upstreamThat(behave: Behaviour, mode: TlsMode = "disable") {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		behave(socket);
	}).listen(0, "127.0.0.1");
	servers.push(server);
	await once(server, "listening");
	const address = server.address();
	assert.ok(address !== null && typeof address === "object");
	const place = {
		host: "127.0.0.1",
		port: address.port,
		user: "u",
		database: "d",
		password: "s3cret",
	} as const;
	return upstreamOf(place, { tls: { mode } });
}

/** Answers the nth thing that the gateway sends with the nth of these. */
function script(...answers: readonly (Buffer | string)[]): Behaviour {
	return (socket) => {
		let next = 0;
		socket.on("data", () => {
			const answer = answers[next++];
			if (answer !== undefined) socket.write(answer);
		});
	};
}

const request = (code: number, data: Buffer | string = "") =>
	new MessageWriter(Backend.Authentication).int32(code).bytes(Buffer.from(data)).finish();
const sasl = request(10, "SCRAM-SHA-256\0\0");
const saltAndCount = (client: Buffer, more: string, iterations: string) =>
	request(11, `r=${/r=(.*)/.exec(client.toString("latin1"))?.[1]}${more},s=QSXCR+Q6sek8bf92,i=${iterations}`);
const closing: Behaviour = (socket) => socket.once("data", () => socket.destroy());

/** A server that knows nothing of the password and answers SCRAM as far as it can. */
function scramImpostor(more: string, iterations: string, last: Buffer): Behaviour {
	return (socket) => {
		let step = 0;
		socket.on("data", (data: Buffer) => {
			step++;
			if (step === 1) socket.write(sasl);
			if (step === 2) socket.write(saltAndCount(data, more, iterations));
			if (step === 3) socket.write(Buffer.concat([last, AUTHENTICATION_OK, encodeReadyForQuery("I")]));
		});
	};
}

const CASES: readonly [string, Behaviour, UpstreamErrorCode, TlsMode?][] = [
	[
		"answers SSLRequest with garbage",
		script("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"upstream_protocol",
		"require",
	],
	[
		"answers SSLRequest with an error",
		script(encodeErrorResponse({ severity: "FATAL", sqlstate: "57P03", message: "no" })),
		"upstream_protocol",
		"require",
	],
	[
		"sends bytes behind its S",
		script(Buffer.concat([Buffer.from("S"), AUTHENTICATION_OK])),
		"upstream_protocol",
		"require",
	],
	["says S and then speaks no TLS", script("S", "no TLS at all"), "upstream_tls_failed", "require"],
	[
		"says S and closes",
		(socket) => socket.once("data", () => socket.end("S")),
		"upstream_tls_failed",
		"require",
	],
	["closes at once", (socket) => socket.destroy(), "upstream_closed"],
	["closes after the start-up", closing, "upstream_closed"],
	["closes within a message", (socket) => socket.once("data", () => socket.end("R\0\0")), "upstream_closed"],
	["answers with HTTP", script("HTTP/1.1 200 OK\r\n\r\n"), "upstream_protocol"],
	["sends a length of 0", script(Buffer.from([0x52, 0, 0, 0, 0])), "upstream_protocol"],
	["sends a length of 2^31", script(Buffer.from([0x52, 0x80, 0, 0, 0])), "upstream_protocol"],
	["sends a length of 1 GB", script(Buffer.from([0x52, 0x3f, 0xff, 0xff, 0xff])), "upstream_protocol"],
	["sends an Authentication without a code", script(Buffer.from([0x52, 0, 0, 0, 4])), "upstream_protocol"],
	["begins a result before authentication", script(encodeReadyForQuery("I")), "upstream_protocol"],
	["asks for Kerberos", script(request(7)), "upstream_authentication_unsupported"],
	[
		"offers an unknown SASL mechanism only",
		script(request(10, "OAUTHBEARER\0\0")),
		"upstream_authentication_unsupported",
	],
	[
		"offers channel binding only, without TLS",
		script(request(10, "SCRAM-SHA-256-PLUS\0\0")),
		"upstream_authentication_unsupported",
	],
	[
		"lets anybody in, then refuses",
		script(
			Buffer.concat([
				AUTHENTICATION_OK,
				encodeErrorResponse({ severity: "FATAL", sqlstate: "3D000", message: "no database" }),
			]),
		),
		"upstream_refused",
	],
	[
		"asks for the password twice",
		script(AUTHENTICATION_CLEARTEXT, AUTHENTICATION_CLEARTEXT),
		"upstream_protocol",
	],
	[
		"can't sign what SCRAM exchanged",
		scramImpostor("x", "4096", request(12, `v=${Buffer.alloc(32).toString("base64")}`)),
		"upstream_not_authentic",
	],
	["leaves the signature out", scramImpostor("x", "4096", Buffer.alloc(0)), "upstream_protocol"],
	["signs with nothing", scramImpostor("x", "4096", request(12, "v=")), "upstream_not_authentic"],
	["does not add to the nonce", scramImpostor("", "4096", Buffer.alloc(0)), "upstream_protocol"],
	["asks for no iterations", scramImpostor("x", "0", Buffer.alloc(0)), "upstream_protocol"],
	[
		"asks for two thousand million iterations",
		scramImpostor("x", "2000000000", Buffer.alloc(0)),
		"upstream_protocol",
	],
	[
		"reports a SCRAM error",
		scramImpostor("x", "4096", request(12, "e=other-error")),
		"upstream_authentication_failed",
	],
];

describe("a server that misbehaves", () => {
	for (const [name, behave, code, mode] of CASES) {
		it(name, async () => {
			const error = await failure(await upstreamThat(behave, mode));
			assert.equal(error.code, code, error.operator);
			assert.doesNotMatch(`${error.message} ${error.operator}`, /s3cret/);
		});
	}

	it("accepts and says nothing: the time limit ends it", async () => {
		for (const mode of ["disable", "require"] as const) {
			const started = Date.now();
			const error = await failure(await upstreamThat(() => {}, mode), 200);
			assert.equal(error.code, "upstream_timeout");
			assert.ok(Date.now() - started < 2_000);
		}
	});

	it("says S and then nothing: the time limit ends the handshake", async () => {
		const error = await failure(await upstreamThat(script("S"), "require"), 200);
		assert.equal(error.code, "upstream_timeout");
	});

	it("is not there", async () => {
		const upstream = await upstreamThat(() => {});
		const server = servers.pop();
		server?.close();
		assert.equal((await failure(upstream)).code, "upstream_unreachable");
		assert.equal((await failure({ ...upstream, host: "no-such-host.invalid" })).code, "upstream_unreachable");
		assert.equal((await failure({ ...upstream, host: "/nonexistent" })).code, "upstream_unreachable");
	});

	it("is given up when the caller's signal comes", async () => {
		const upstream = await upstreamThat(() => {});
		const reason = new Error("session over");
		const connecting = connectServer(upstream, { signal: AbortSignal.timeout(50), timeoutMs: 5_000 });
		await assert.rejects(connecting, { name: "TimeoutError" });
		await assert.rejects(connectServer(upstream, { signal: AbortSignal.abort(reason) }), reason);
	});

	it("leaves no socket behind", async () => {
		let closed = 0;
		const upstream = await upstreamThat((socket) => {
			socket.on("close", () => closed++);
			script("garbage")(socket);
		});
		await failure(upstream);
		const deadline = Date.now() + 2_000;
		while (closed === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
		assert.equal(closed, 1);
	});
});

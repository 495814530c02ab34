import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import * as tls from "node:tls";
import pg from "pg";
import {
	AUTHENTICATION_OK,
	decodeErrorFields,
	decodeNegotiateProtocolVersion,
	encodeCancelRequest,
	encodePassword,
	encodeReadyForQuery,
	encodeSslRequest,
	encodeStartup,
	SYNC,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import { type Negotiation, negotiate } from "../../../../../src/protocols/postgres/startup/index.ts";
import { makeAuthority } from "../../../../support/certificates.ts";

const authority = makeAuthority();
const certificate = authority.issue();
const context = tls.createSecureContext({ cert: certificate.cert, key: certificate.key });
const TIMEOUT_MS = 400;

const HERE = { address: "127.0.0.1", loopback: true };

/** A listener that negotiates and keeps what came of it. */
class Listener {
	readonly outcomes: Negotiation[] = [];
	readonly cancels: [number, string][] = [];
	readonly #server;
	#port = 0;

	constructor(secureContext: tls.SecureContext | null, onReady: (outcome: Negotiation) => void = () => {}) {
		this.#server = createServer({ pauseOnConnect: true }, (socket) => {
			const onCancel = (processId: number, secret: Buffer) =>
				this.cancels.push([processId, secret.toString("hex")]);
			void negotiate(socket, {
				peer: HERE,
				oauth: null,
				tls: secureContext,
				timeoutMs: TIMEOUT_MS,
				onCancel,
			}).then((outcome) => {
				this.outcomes.push(outcome);
				onReady(outcome);
			});
		});
	}

	async start(): Promise<this> {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		this.#port = (this.#server.address() as { port: number }).port;
		return this;
	}

	get port(): number {
		return this.#port;
	}

	async outcome(): Promise<Negotiation> {
		while (this.outcomes.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
		return this.outcomes.pop() as Negotiation;
	}

	async client(): Promise<Socket> {
		const socket = connect(this.#port, "127.0.0.1");
		socket.on("error", () => {});
		await once(socket, "connect");
		return socket;
	}

	stop(): void {
		this.#server.close();
	}
}

/** Everything the gateway sends until it closes the connection. */
async function drain(socket: Socket): Promise<Buffer> {
	const chunks: Buffer[] = [];
	socket.on("data", (chunk: Buffer) => chunks.push(chunk));
	if (!socket.closed) await once(socket, "close");
	return Buffer.concat(chunks);
}

function errorOf(answer: Buffer): Record<string, string> {
	const at = answer.indexOf(0x45);
	assert.ok(at >= 0, `no ErrorResponse in ${JSON.stringify(answer.toString("latin1"))}`);
	const end = at + 1 + answer.readInt32BE(at + 1);
	return Object.fromEntries(decodeErrorFields(answer, at, end));
}

/** What libpq sends; minor and options as given. */
function startup(parameters: Record<string, string>, minor = 0, major = 3): Buffer {
	const packet = encodeStartup(parameters);
	packet.writeUInt32BE((major << 16) | minor, 4);
	return packet;
}

const USER = { user: "agent", database: "orders" };

describe("a client's start-up", () => {
	let plain: Listener;
	let secure: Listener;
	before(async () => {
		plain = await new Listener(null).start();
		secure = await new Listener(context).start();
	});
	after(() => {
		plain.stop();
		secure.stop();
	});

	async function ready(socket: Socket, listener: Listener, token: string) {
		await once(socket, "data");
		socket.write(encodePassword(token));
		const outcome = await listener.outcome();
		socket.destroy();
		assert.ok(outcome.outcome === "ready", JSON.stringify(outcome));
		outcome.socket.destroy();
		return outcome;
	}

	it("ends with the parameters and the token", async () => {
		const client = await plain.client();
		client.write(startup({ ...USER, application_name: "psql", options: "-c x=y" }));
		const outcome = await ready(client, plain, "tök€n");
		assert.deepEqual(Object.fromEntries(outcome.parameters), {
			...USER,
			application_name: "psql",
			options: "-c x=y",
		});
		assert.equal(outcome.token, "tök€n");
		assert.deepEqual(outcome.protocol, { major: 3, minor: 0 });
		assert.equal(outcome.tls, false);
	});

	it("takes a token of 16 KiB and none longer", async () => {
		const client = await plain.client();
		client.write(startup(USER));
		assert.equal((await ready(client, plain, "x".repeat(16 * 1024))).token.length, 16 * 1024);
		const greedy = await plain.client();
		greedy.write(startup(USER));
		await once(greedy, "data");
		greedy.write(encodePassword("x".repeat(17 * 1024)));
		assert.equal(errorOf(await drain(greedy))["C"], "54000");
		await plain.outcome();
	});

	it("is read right when it comes byte by byte", async () => {
		const client = await plain.client();
		client.setNoDelay(true);
		for (const byte of startup(USER)) {
			client.write(Buffer.from([byte]));
			await new Promise((resolve) => setImmediate(resolve));
		}
		assert.equal((await ready(client, plain, "t")).parameters.get("database"), "orders");
	});

	it("leaves what was sent ahead in the socket", async () => {
		const client = await plain.client();
		client.write(Buffer.concat([startup(USER), encodePassword("t"), SYNC]));
		const outcome = await plain.outcome();
		assert.ok(outcome.outcome === "ready");
		const [chunk] = (await once(outcome.socket, "data")) as [Buffer];
		assert.deepEqual(chunk, SYNC);
		outcome.socket.destroy();
	});

	describe("versions", () => {
		for (const [minor, spoken] of [
			[0, 0],
			[1, 1],
			[2, 2],
		] as const) {
			it(`3.${minor} is spoken without negotiation`, async () => {
				const client = await plain.client();
				client.write(startup(USER, minor));
				assert.deepEqual((await ready(client, plain, "t")).protocol, { major: 3, minor: spoken });
			});
		}

		it("3.9999 and unknown options are negotiated down to 3.2", async () => {
			const client = await plain.client();
			client.write(startup({ ...USER, "_pq_.a": "1", "_pq_.b": "2" }, 9999));
			const [answer] = (await once(client, "data")) as [Buffer];
			const end = 1 + answer.readInt32BE(1);
			assert.deepEqual(decodeNegotiateProtocolVersion(answer, 0, end), {
				minor: 2,
				unrecognised: ["_pq_.a", "_pq_.b"],
			});
			client.write(encodePassword("t"));
			const outcome = await plain.outcome();
			assert.ok(outcome.outcome === "ready");
			assert.deepEqual(outcome.protocol, { major: 3, minor: 2 });
			assert.deepEqual(Object.fromEntries(outcome.parameters), USER);
			client.destroy();
		});

		for (const major of [1, 2, 4]) {
			it(`${major}.0 is refused`, async () => {
				const client = await plain.client();
				client.write(startup(USER, 0, major));
				const error = errorOf(await drain(client));
				assert.equal(error["C"], "0A000");
				assert.match(error["M"] ?? "", /unsupported frontend protocol/);
				await plain.outcome();
			});
		}
	});

	describe("refusals", () => {
		const cases: readonly [string, Buffer | string, string, RegExp][] = [
			["replication", startup({ ...USER, replication: "database" }), "0A000", /replication/],
			["no user", startup({ database: "orders" }), "28000", /no PostgreSQL user name/],
			["an empty token", Buffer.concat([startup(USER), encodePassword("")]), "28P01", /token/],
			["another message in place of the token", Buffer.concat([startup(USER), SYNC]), "08P01", /password/],
			[
				"a token of length 0",
				Buffer.concat([startup(USER), Buffer.from([0x70, 0, 0, 0, 0])]),
				"08P01",
				/length/,
			],
			[
				"a token of length 2^31",
				Buffer.concat([startup(USER), Buffer.from([0x70, 0x80, 0, 0, 0])]),
				"08P01",
				/length/,
			],
			[
				"a token that is not UTF-8",
				Buffer.concat([startup(USER), Buffer.from([0x70, 0, 0, 0, 6, 0xff, 0])]),
				"22021",
				/UTF8/,
			],
			["HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "08P01", /startup packet/],
			["length 0", Buffer.alloc(8), "08P01", /startup packet/],
			["length 2^31", Buffer.from([0x80, 0, 0, 0, 0, 3, 0, 0]), "08P01", /startup packet/],
			["length 20000", Buffer.from([0, 0, 0x4e, 0x20, 0, 3, 0, 0]), "08P01", /startup packet/],
			["no terminator", Buffer.from([0, 0, 0, 10, 0, 3, 0, 0, 0x61, 0x62]), "08P01", /terminator/],
			["bytes behind the terminator", Buffer.from([0, 0, 0, 10, 0, 3, 0, 0, 0, 0]), "08P01", /left over/],
			[
				"a second SSLRequest",
				Buffer.concat([encodeSslRequest(), encodeSslRequest()]),
				"0A000",
				/second time/,
			],
			["TLS where there is none", Buffer.from("16030100c8010000c40303", "hex"), "08P01", /startup packet/],
		];
		for (const [name, bytes, sqlstate, message] of cases) {
			it(name, async () => {
				const client = await plain.client();
				client.write(bytes);
				const error = errorOf(await drain(client));
				assert.equal(error["C"], sqlstate, error["M"]);
				assert.match(error["M"] ?? "", message);
				assert.equal(error["V"], "FATAL");
				assert.ok((error["H"] ?? "").length > 0);
				assert.equal((await plain.outcome()).outcome, "refused");
			});
		}

		it("half a packet and silence: told after the time limit", async () => {
			for (const bytes of [Buffer.alloc(0), startup(USER).subarray(0, 6), startup(USER)]) {
				const client = await plain.client();
				client.write(bytes);
				assert.equal(errorOf(await drain(client))["C"], "57014");
				const outcome = await plain.outcome();
				assert.ok(outcome.outcome === "refused" && outcome.error?.code === "startup_timeout");
			}
		});

		it("a client that goes away leaves nobody to tell", async () => {
			for (const bytes of [Buffer.alloc(0), startup(USER).subarray(0, 6), startup(USER)]) {
				const client = await plain.client();
				client.end(bytes);
				assert.deepEqual(await plain.outcome(), { outcome: "refused", error: null });
				client.destroy();
			}
		});
	});

	describe("cancel requests", () => {
		for (const size of [4, 32, 256]) {
			it(`with a key of ${size} bytes are handed on and closed without an answer`, async () => {
				const client = await plain.client();
				const key = Buffer.alloc(size, 7);
				client.write(encodeCancelRequest(4_000_000_000, key));
				assert.equal((await drain(client)).length, 0);
				assert.deepEqual(await plain.outcome(), { outcome: "cancel" });
				assert.deepEqual(plain.cancels.pop(), [4_000_000_000, key.toString("hex")]);
			});
		}

		it("with a key of other sizes are refused", async () => {
			for (const size of [0, 3, 257]) {
				const client = await plain.client();
				client.write(encodeCancelRequest(1, Buffer.alloc(size)));
				assert.equal(errorOf(await drain(client))["C"], "08P01");
				await plain.outcome();
			}
			assert.equal(plain.cancels.length, 0);
		});
	});

	describe("TLS", () => {
		const trust = { ca: authority.ca, servername: "localhost" };

		async function upgraded(listener: Listener): Promise<tls.TLSSocket> {
			const socket = await listener.client();
			socket.write(encodeSslRequest());
			const [answer] = (await once(socket, "data")) as [Buffer];
			assert.equal(answer.toString(), "S");
			const client = tls.connect({ socket, ...trust });
			await once(client, "secureConnect");
			return client;
		}

		it("is put on after SSLRequest", async () => {
			const client = await upgraded(secure);
			client.write(startup(USER, 2));
			const outcome = await ready(client, secure, "t");
			assert.equal(outcome.tls, true);
			assert.ok(outcome.socket instanceof tls.TLSSocket);
		});

		it("is begun at once by clients with ALPN (sslnegotiation=direct)", async () => {
			const client = tls.connect({
				port: secure.port,
				host: "127.0.0.1",
				ALPNProtocols: ["postgresql"],
				...trust,
			});
			await once(client, "secureConnect");
			client.write(startup(USER));
			assert.equal((await ready(client, secure, "t")).tls, true);
		});

		it("begun at once without ALPN is refused", async () => {
			const client = tls.connect({ port: secure.port, host: "127.0.0.1", ...trust });
			client.on("error", () => {});
			const outcome = await secure.outcome();
			assert.ok(outcome.outcome === "refused" && outcome.error?.code === "startup_tls_failed");
			client.destroy();
		});

		it("carries cancel requests", async () => {
			const client = await upgraded(secure);
			client.write(encodeCancelRequest(9, Buffer.alloc(4, 1)));
			assert.deepEqual(await secure.outcome(), { outcome: "cancel" });
			assert.deepEqual(secure.cancels.pop(), [9, "01010101"]);
			client.destroy();
		});

		it("is not asked for twice", async () => {
			const client = await upgraded(secure);
			client.write(encodeSslRequest());
			assert.equal(errorOf(await drain(client))["C"], "0A000");
			await secure.outcome();
		});

		it("is not begun when unencrypted bytes came along with the request", async () => {
			const client = await secure.client();
			client.write(Buffer.concat([encodeSslRequest(), startup(USER)]));
			const answer = await drain(client);
			assert.equal(answer[0], 0x45);
			assert.match(errorOf(answer)["M"] ?? "", /unencrypted data after SSL request/);
			await secure.outcome();
		});

		it("that fails or stalls ends the connection", async () => {
			const garbage = await secure.client();
			garbage.write(encodeSslRequest());
			await once(garbage, "data");
			garbage.write("this is no ClientHello, is it?");
			await drain(garbage);
			const failed = await secure.outcome();
			assert.ok(failed.outcome === "refused" && failed.error?.code === "startup_tls_failed");
			const stalling = await secure.client();
			stalling.write(encodeSslRequest());
			assert.equal((await drain(stalling)).toString(), "S");
			const stalled = await secure.outcome();
			assert.ok(stalled.outcome === "refused" && stalled.error?.code === "startup_timeout");
		});

		it("may be declined by the client, GSS is declined by the gateway, and then SSLRequest still works", async () => {
			const client = await secure.client();
			const gss = encodeSslRequest();
			gss.writeUInt32BE(80_877_104, 4);
			client.write(gss);
			assert.equal(((await once(client, "data")) as [Buffer])[0].toString(), "N");
			client.write(encodeSslRequest());
			assert.equal(((await once(client, "data")) as [Buffer])[0].toString(), "S");
			client.destroy();
			await secure.outcome();
		});
	});

	it("asks nobody for a token in the clear who is not on this machine", async () => {
		const client = await plain.client();
		const remote = await new Promise<Negotiation>((resolve) => {
			const elsewhere = createServer({ pauseOnConnect: true }, (socket) => {
				const peer = { address: "192.0.2.7", loopback: false };
				void negotiate(socket, { peer, oauth: null, tls: null, onCancel: () => {} }).then(resolve);
				elsewhere.close();
			}).listen(0, "127.0.0.1", () => {
				const { port } = elsewhere.address() as { port: number };
				const far = connect(port, "127.0.0.1");
				far.on("data", (answer) => assert.equal(errorOf(answer)["C"], "28000"));
				far.write(startup(USER));
			});
		});
		assert.ok(remote.outcome === "refused" && remote.error?.code === "startup_token_in_clear");
		client.destroy();
		await plain.outcome();
	});

	it("works for node-postgres, with TLS and without", async () => {
		const greet = (outcome: Negotiation) => {
			if (outcome.outcome !== "ready") return;
			outcome.socket.on("data", () => {});
			outcome.socket.write(Buffer.concat([AUTHENTICATION_OK, encodeReadyForQuery("I")]));
		};
		const listener = await new Listener(context, greet).start();
		for (const ssl of [false, trust]) {
			const client = new pg.Client({
				...USER,
				host: "localhost",
				port: listener.port,
				password: "the-token",
				ssl,
			});
			await client.connect();
			const outcome = await listener.outcome();
			assert.ok(outcome.outcome === "ready" && outcome.token === "the-token");
			assert.equal(outcome.tls, ssl !== false);
			await client.end();
			outcome.socket.destroy();
		}
		listener.stop();
	});
});

const trust = { ca: authority.ca };

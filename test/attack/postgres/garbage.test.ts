import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeStartup } from "../../../src/protocols/postgres/codec/index.ts";
import { type RunningGateway, startGateway } from "../../support/gateway.ts";
import { errorOf, outline, rows, WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, message, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { ALLOW_ALL, type Pair, startPair } from "../../support/wire-pair.ts";
import { randomOf } from "../../support/wire-sequences.ts";

const int32 = (...values: number[]) =>
	Buffer.concat(
		values.map((value) =>
			Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]),
		),
	);

suite("bytes that make no sense", () => {
	let pair: Pair;
	/** Open all the while, and not to be disturbed by anything. */
	let bystander: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int)",
			merge: { limits: { drain_timeout: "2s", handshake_timeout: "500ms", message_bytes: 4_194_304 } },
		});
		bystander = await pair.through();
	});
	after(async () => {
		await undisturbed();
		bystander.close();
		await pair.stop();
	});

	async function undisturbed(): Promise<void> {
		assert.equal(outline(await bystander.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
	}
	/** Sends bytes on a new connection; answers what came, once it is closed. */
	async function refused(...chunks: Buffer[]): Promise<string> {
		const client = await WireClient.open(pair.address());
		for (const chunk of chunks) client.send(chunk);
		const answer = await client.end();
		return outline(answer);
	}

	test("before start-up end the connection, some with an error", async () => {
		for (const bytes of [
			int32(0, 196608),
			int32(3, 196608),
			int32(7, 196608),
			int32(0x80000000, 196608),
			int32(0x7fffffff, 196608),
			int32(10_001, 196608),
			Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
			Buffer.from("SSH-2.0-OpenSSH_9.9\r\n"),
			Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]),
			message("Q", "SELECT 1\0"),
			int32(8, 131072),
			int32(9, 196608),
			Buffer.concat([int32(20, 196608), Buffer.from("user\0x\0\0no")]),
			Buffer.concat([int32(12, 196608), Buffer.from("user")]),
			int32(16, 80877102, 1, 2),
			int32(12, 80877102, 1),
		])
			assert.match(await refused(bytes), /^(E\(\w{5}\))?$/, bytes.toString("latin1"));
		await undisturbed();
	});

	test("half a message and silence end it when the time for it is over", async () => {
		const startup = encodeStartup({ user: "x", database: "orders" });
		for (const chunks of [[], [startup.subarray(0, 3)], [startup.subarray(0, 20)], [int32(8, 80877103)]])
			await refused(...chunks);
		await undisturbed();
	});

	test("SSL and GSS are asked for and answered; bytes sent along with the question are not taken for more", async () => {
		const client = await WireClient.open(pair.address());
		const bytes: Buffer[] = [];
		client.socket.removeAllListeners("data");
		client.socket.on("data", (chunk: Buffer) => bytes.push(chunk));
		client.send(int32(8, 80877104));
		while (bytes.length === 0) await once(client.socket, "data");
		client.send(int32(8, 80877103));
		while (Buffer.concat(bytes).length < 2) await once(client.socket, "data");
		assert.equal(Buffer.concat(bytes).toString(), "NN");
		client.close();
		await undisturbed();
	});

	test("a wrong token, an unknown connection, another database: refused, each in its own code", async () => {
		const code = async (change: object) => {
			const error = await WireClient.connect({ ...pair.address(), ...change }).catch(
				(thrown: Error) => thrown.message,
			);
			return /E\((\w+)\)/.exec(String(error))?.[1];
		};
		assert.equal(await code({ password: "nonsense" }), "28P01");
		assert.equal(await code({ password: "" }), "28P01");
		assert.match((await code({ password: "x".repeat(20_000) })) ?? "", /28P01|54000/);
		assert.equal(await code({ database: "nothing" }), "3D000");
		assert.equal(await code({ database: "orders/other" }), "3D000");
		assert.equal(await code({ database: "orders/" }), "3D000");
		assert.equal(await code({ database: "../orders" }), "3D000");
		assert.equal(await code({ parameters: { replication: "database" } }), "0A000");
	});

	test("a second StartupMessage, or another start-up packet within a session, ends it", async () => {
		for (const bytes of [
			encodeStartup({ user: "postgres", database: "postgres" }),
			int32(8, 80877103),
			int32(16, 80877102, 1, 2),
		]) {
			const client = await pair.through();
			client.send(bytes);
			client.send(query("INSERT INTO t VALUES (1)"));
			assert.match(outline(await client.end()), /^E\(08P01\)$/);
		}
		assert.deepEqual(await pair.postgres.query("SELECT * FROM t"), []);
		await undisturbed();
	});

	test("after start-up end the session with an error, and nothing behind them is looked at", async () => {
		for (const bytes of [
			Buffer.from([0x51, 0, 0, 0, 0]),
			Buffer.from([0x51, 0, 0, 0, 3]),
			Buffer.from([0x51, 0x80, 0, 0, 0]),
			Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff]),
			Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff]),
			Buffer.from([0x51, 0, 0x50, 0, 0]),
			Buffer.from([0, 0, 0, 0, 4]),
			message("!", "x"),
			message("p", "password\0"),
			message("Z", "I"),
			message("Q", "SELECT 1"),
			message("Q", "SELECT 1\0; INSERT INTO t VALUES (1)\0"),
			message("S", "x"),
			message("H", "x"),
			message("P", "x"),
			message("P", "\0SELECT 1\0\0\x01"),
			message("P", "\0SELECT 1\0\xff\xff"),
			message("B", "\0\0"),
			message("B", Buffer.from([0, 0, 0, 3, 0, 0, 0, 0, 0, 0])),
			message("B", Buffer.from([0, 0, 0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff, 0, 0])),
			message("D", "X\0"),
			message("D", "S"),
			message("C", "Q\0"),
			message("E", "\0\0"),
			message("E", "\0\0\0\0\0\0"),
			message("F", "\0"),
		]) {
			const client = await pair.through();
			client.send(bytes, query("INSERT INTO t VALUES (1)"));
			assert.match(outline(await client.end()), /E\((08P01|54000|22021)\)$/, JSON.stringify(bytes));
		}
		assert.deepEqual(await pair.postgres.query("SELECT * FROM t"), []);
		await undisturbed();
	});

	test("texts that are not UTF-8, or hold NUL, do not reach the server", async () => {
		const logged = await pair.logged(async () => {
			for (const bytes of [
				message("Q", Buffer.from("SELECT '\xff'\0", "latin1")),
				message("P", Buffer.from("\0SELECT '\xc0\xaf'\0\0\0", "latin1")),
				message("Q", Buffer.from("SELECT '\xed\xa0\x80'\0", "latin1")),
			]) {
				const client = await pair.through();
				client.send(bytes, SYNC);
				assert.match(outline(await client.until("E")), /E\(22021\)/);
				client.close();
			}
		});
		assert.doesNotMatch(logged, /SELECT '/);
	});

	test("random bytes, and real messages with some bytes changed, crash nothing (seeds 1 to 60)", async () => {
		const good = Buffer.concat([
			...run("SELECT $1::int", ["1"]),
			SYNC,
			query("SELECT 1"),
			parse("SELECT 2", "a"),
			SYNC,
		]);
		for (let seed = 1; seed <= 60; seed++) {
			const random = randomOf(seed);
			const client = await pair.through();
			const bytes = Buffer.from(good);
			for (let count = 0; count <= seed % 4; count++)
				bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
			client.socket.end(seed % 5 === 0 ? Buffer.from(bytes.map(() => random() * 256)) : bytes);
			await client.end();
		}
		await undisturbed();
	});

	test("one byte at a time, in both directions, is all the same", async () => {
		const client = await pair.through();
		const bytes = Buffer.concat([
			...run("SELECT $1::text", ["word"]),
			SYNC,
			query("SELECT 1; SELECT 2"),
			parse("SELECT * FROM nothing"),
			SYNC,
		]);
		for (const byte of bytes) {
			client.send(Buffer.from([byte]));
			await new Promise((resolve) => setImmediate(resolve));
		}
		assert.equal(
			outline(await client.ready(3)),
			"1 2 D C(SELECT 1) ZI T D C(SELECT 1) T D C(SELECT 1) ZI E(42P01) ZI",
		);
		client.close();
	});

	test("65,535 parameters, 1,600 columns and a value of 3 MB pass", async () => {
		const client = await pair.through();
		const values = Array.from({ length: 65_535 }, (_, at) => String(at % 10));
		const text = `SELECT ${Array.from({ length: 65 }, (_, row) => Array.from({ length: 1000 }, (_, at) => `$${row * 1000 + at + 1}::int`).join("+")).join("+")}${Array.from({ length: 535 }, (_, at) => `+$${65_001 + at}::int`).join("")}`;
		const many = await client.ask([
			parse(`SELECT count(*) FROM unnest(ARRAY[${values.map((_, at) => `$${at + 1}`).join()}]::text[])`),
			bind("", "", values),
			execute(),
			SYNC,
		]);
		assert.deepEqual(rows(many), [["65535"]]);
		assert.match(
			outline(await client.ask([...run(text, values), SYNC])),
			/^(1 2 D C\(SELECT 1\)|E\(54001\)) ZI$/,
		);
		const wide = await client.ask([query(`SELECT ${Array.from({ length: 1600 }, (_, at) => at).join()}`)]);
		assert.equal(rows(wide)[0]?.length, 1600);
		const large = "y".repeat(3_000_000);
		assert.equal(rows(await client.ask([...run("SELECT $1::text", [large]), SYNC]))[0]?.[0], large);
		client.close();
	});

	test("thousands of prepared statements: up to the limit, then an error, and the session lives on", async () => {
		const client = await pair.through();
		const parses = Array.from({ length: 2_100 }, (_, at) => parse("SELECT 1", `s${at}`));
		const answer = outline(await client.ask([...parses, SYNC])).split(" ");
		assert.equal(answer.filter((word) => word === "1").length, 2_000);
		assert.deepEqual(answer.slice(2_000), ["E(53400)", "ZI"]);
		assert.equal(outline(await client.ask([bind("s1999"), execute(), SYNC])), "2 D C(SELECT 1) ZI");
		assert.equal(outline(await client.ask([query("DEALLOCATE ALL")])), "C(DEALLOCATE ALL) ZI");
		assert.equal(outline(await client.ask([...run("SELECT 1"), SYNC])), "1 2 D C(SELECT 1) ZI");
		client.close();
	});

	test("a client that leaves at any moment of its start-up leaves no session behind", async () => {
		const sessions =
			"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name = 'leaver'";
		for (let round = 0; round < 12; round++) {
			const client = await WireClient.open(pair.address());
			client.send(encodeStartup({ user: "agent", database: "orders", application_name: "leaver" }));
			await client.until("R");
			await sleep(round);
			if (round % 2 === 0) client.socket.resetAndDestroy();
			else client.close();
		}
		for (let tries = 0; tries < 200 && (await pair.postgres.query(sessions))[0]?.[0] !== "0"; tries++)
			await sleep(20);
		assert.deepEqual(await pair.postgres.query(sessions), [["0"]]);
	});
});

suite("an upstream that is not what it should be", () => {
	let gateway: RunningGateway;
	let server: Server;
	let onConnection: (socket: Socket) => void;
	let pair: Pair;

	before(async () => {
		pair = await startPair();
		// Between the gateway and its server, so that the connection can be cut or cut short.
		server = createServer((socket) => onConnection(socket)).listen(0, "127.0.0.1");
		await once(server, "listening");
		onConnection = relay;
		gateway = await startGateway({
			policy: ALLOW_ALL,
			upstream: { ...pair.postgres, port: (server.address() as { port: number }).port },
		});
	});
	after(async () => {
		await gateway.stop();
		server.close();
		for (const socket of sockets) socket.destroy();
		await pair.stop();
	});

	const sockets = new Set<Socket>();
	function relay(socket: Socket): void {
		const upstream = connect(pair.postgres.port, pair.postgres.host);
		for (const one of [socket, upstream]) {
			sockets.add(one);
			one.on("error", () => {});
			one.on("close", () => sockets.delete(one));
		}
		socket.pipe(upstream).pipe(socket);
		socket.on("close", () => upstream.destroy());
		upstream.on("close", () => socket.destroy());
	}
	const address = () => ({ ...pair.address(), port: gateway.pgPort });

	test("dies in the middle of a result: the client is told, and other sessions can be opened again", async () => {
		const client = await WireClient.connect(address());
		client.send(query("SELECT repeat('x', 1000), pg_sleep(0.01) FROM generate_series(1, 10000)"));
		await client.until("D");
		for (const socket of sockets) socket.destroy();
		assert.match(outline(await client.end()), /E\(08006\)$/);
		const again = await WireClient.connect(address());
		assert.equal(outline(await again.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		again.close();
	});

	test("is killed by its administrator: the server's own FATAL reaches the client", async () => {
		const client = await WireClient.connect(address());
		await pair.postgres.query(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
		);
		const last = await client.end();
		assert.match(outline(last), /^E\((57P01|08006)\)$/);
	});

	test("is down: 08006, and the gateway serves again when it is back", async () => {
		onConnection = (socket) => socket.destroy();
		for (const socket of sockets) socket.destroy();
		const refused = await WireClient.connect(address()).catch((error: Error) => error.message);
		assert.match(String(refused), /E\((08006|08001|57P03)\)/);
		onConnection = relay;
		let open: WireClient | null = null;
		for (let tries = 0; tries < 100 && open === null; tries++) {
			open = await WireClient.connect(address()).catch(() => null);
			if (open === null) await sleep(50);
		}
		assert.ok(open !== null);
		open.close();
	});

	test("speaks garbage, or answers what nobody asked: the session ends, the gateway lives", async () => {
		for (const injected of [
			Buffer.from([0x44, 0, 0, 0, 0]),
			Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
			message("T", Buffer.from([0, 0])),
			message("Z", "I"),
			message("D", Buffer.from([0, 1, 0, 0, 0, 1, 0x78])),
			message("G", Buffer.from([0, 0, 0])),
			message("R", int32(0)),
			message("W", Buffer.from([0, 0, 0])),
		]) {
			let toGateway: Socket | null = null;
			onConnection = (socket) => {
				// Of the two kinds of connection that the gateway opens, the session's, and not the one for the catalog.
				socket.on("data", (chunk: Buffer) => {
					if (chunk.includes("user\0") && !chunk.includes("sallyport catalog")) toGateway = socket;
				});
				relay(socket);
			};
			const client = await WireClient.connect(address());
			(toGateway as unknown as Socket).write(injected);
			assert.match(outline(await client.end()), /^E\((08P01|08006|54000)\)$/, JSON.stringify(injected));
		}
		onConnection = relay;
		const next = await WireClient.connect(address());
		assert.equal(outline(await next.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		const broken = await next.ask([
			parse("SELECT 1"),
			bind("", "", ["1"]),
			describe.portal(),
			execute(),
			SYNC,
		]);
		assert.equal(errorOf(broken).get("C"), "08P01");
		next.close();
	});
});

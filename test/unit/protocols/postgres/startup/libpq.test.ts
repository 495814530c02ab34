import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";
import {
	AUTHENTICATION_OK,
	encodeBackendKeyData,
	encodeCommandComplete,
	encodeDataRow,
	encodeParameterStatus,
	encodeReadyForQuery,
	encodeRowDescription,
	Frontend,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import { type Negotiated, negotiate } from "../../../../../src/protocols/postgres/startup/index.ts";
import { makeAuthority } from "../../../../support/certificates.ts";
import { postgresBinDir } from "../../../../support/postgres.ts";

const run = promisify(execFile);
const authority = makeAuthority();

/** What any server says after authentication, and one row for whatever is asked. */
function greet({ socket, protocol }: Negotiated): void {
	const key = encodeBackendKeyData(7, Buffer.alloc(protocol.minor >= 2 ? 32 : 4, 1));
	const reports = [
		encodeParameterStatus("server_version", "15.0"),
		encodeParameterStatus("client_encoding", "UTF8"),
	];
	socket.write(Buffer.concat([AUTHENTICATION_OK, ...reports, key, encodeReadyForQuery("I")]));
	const field = { name: "a", tableOid: 0, column: 0, typeOid: 25, typeSize: -1, modifier: -1, format: 0 };
	const rows = [encodeRowDescription([field]), encodeDataRow([Buffer.from("hello")])];
	const answer = Buffer.concat([...rows, encodeCommandComplete("SELECT 1"), encodeReadyForQuery("I")]);
	socket.on("data", (chunk: Buffer) => {
		if (chunk[0] === Frontend.Query) socket.write(answer);
		else socket.destroy();
	});
}

const HERE = { address: "127.0.0.1", loopback: true };

/** psql of PostgreSQL 15 on the libpq of 15 and on that of 18, which speaks protocol 3.2 and begins TLS directly. */
describe("libpq's start-up", () => {
	const outcomes: Negotiated[] = [];
	const directory = mkdtempSync(join(tmpdir(), "sallyport-libpq-"));
	const ca = join(directory, "ca.pem");
	let server: Server;
	before(async () => {
		writeFileSync(ca, authority.ca);
		const tls = createSecureContext(authority.issue());
		server = createServer({ pauseOnConnect: true }, async (socket: Socket) => {
			const negotiation = await negotiate(socket, { peer: HERE, oauth: null, tls, onCancel: () => {} });
			if (negotiation.outcome !== "ready") return;
			outcomes.push(negotiation);
			greet(negotiation);
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
	});
	after(() => {
		server.close();
		rmSync(directory, { recursive: true });
	});

	async function psql(libpq: 15 | 18, options: string): Promise<Negotiated> {
		const { port } = server.address() as { port: number };
		const library = libpq === 18 ? { LD_LIBRARY_PATH: join(postgresBinDir(18), "../lib") } : {};
		const target = `host=localhost port=${port} user=u dbname=orders password=tok sslrootcert=${ca} ${options}`;
		const args = ["-X", "-At", target, "-c", "SELECT 1"];
		const { stdout } = await run(join(postgresBinDir(15), "psql"), args, {
			env: { ...process.env, ...library },
		});
		assert.equal(stdout, "hello\n");
		const outcome = outcomes.pop();
		assert.ok(outcome !== undefined);
		assert.equal(outcome.token, "tok");
		assert.equal(outcome.parameters.get("database"), "orders");
		return outcome;
	}

	for (const [libpq, options, minor, tls] of [
		[15, "sslmode=disable", 0, false],
		[15, "sslmode=prefer", 0, true],
		[15, "sslmode=verify-full", 0, true],
		[18, "sslmode=disable", 0, false],
		[18, "sslmode=verify-full sslnegotiation=direct", 0, true],
		[18, "sslmode=require sslnegotiation=direct min_protocol_version=3.2", 2, true],
		[18, "sslmode=disable max_protocol_version=latest", 2, false],
	] as const) {
		it(`of ${libpq} with ${options}`, async () => {
			const outcome = await psql(libpq, options);
			assert.deepEqual(outcome.protocol, { major: 3, minor });
			assert.equal(outcome.tls, tls);
		});
	}
});

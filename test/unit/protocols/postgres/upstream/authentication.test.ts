import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Secret } from "../../../../../src/lib/index.ts";
import { makeAuthority } from "../../../../support/certificates.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { ask, fails, pemFiles, upstreamOf } from "./fixtures.ts";

const METHODS = ["trust", "password", "md5", "scram-sha-256"] as const;
/** Each is another case of SASLprep: mapped, normalised, refused and so used raw, right to left. */
const PASSWORDS = {
	ascii: "plain",
	"non-ASCII space": "a\u00a0b",
	"soft hyphen": "I\u00adX",
	"compatibility form": "\u2168 \uff21",
	"a control character": "a\u0007\u00e9",
	"unassigned in Unicode 3.2": "\u{1f600}secret",
	"right to left": "\u05d0\u05d1\u05d2",
	"mixed direction": "\u05d0a1",
	"only mapped away": "\u00ad",
};

/** Each has another hash for the binding, or has it in another place. */
const CERTIFICATES = [
	{ key: "rsa", digest: "sha256" },
	{ key: "rsa", digest: "sha384" },
	{ key: "ec", digest: "sha512" },
	{ key: "rsa-pss", digest: "sha512" },
] as const;

for (const version of [15, 18] as const) {
	describe(`authentication to PostgreSQL ${version}`, () => {
		for (const method of METHODS) {
			describe(method, () => {
				let server: RunningPostgres;
				before(async () => {
					server = await startPostgres({ version, auth: method, tls: true });
				});
				after(() => server.stop());

				for (const mode of ["disable", "require"] as const) {
					it(`lets the right password in with TLS mode ${mode}`, async () => {
						assert.equal(await ask(upstreamOf(server, { tls: { mode } }), "SELECT current_user"), "postgres");
					});
				}

				it("refuses a wrong one, and says so without the password", async () => {
					if (method === "trust") return;
					const error = await fails(
						upstreamOf(server, { password: "wrong-Pa55" }),
						"upstream_authentication_failed",
					);
					assert.equal(error.refusedWith, "28P01");
					assert.match(error.operator ?? "", /password authentication failed/);
					assert.doesNotMatch(`${error.message} ${error.operator} ${error.stack}`, /wrong-Pa55/);
				});

				it("says that a password is missing, can't be read or can't be one", async () => {
					if (method === "trust") return;
					await fails(upstreamOf(server, { password: null }), "upstream_authentication_failed");
					await fails(upstreamOf(server, { password: "a\0b" }), "upstream_authentication_failed");
					const gone = new Secret(() => {
						throw new Error("no such file");
					});
					const error = await fails(
						{ ...upstreamOf(server), password: gone },
						"upstream_authentication_failed",
					);
					assert.match(error.operator ?? "", /no such file/);
				});
			});
		}

		describe("SCRAM passwords", () => {
			let server: RunningPostgres;
			before(async () => {
				server = await startPostgres({ version, auth: "scram-sha-256" });
			});
			after(() => server.stop());

			for (const [what, password] of Object.entries(PASSWORDS)) {
				it(`agrees with the server on SASLprep: ${what}`, async () => {
					await server.query(`DROP ROLE IF EXISTS r; CREATE ROLE r LOGIN PASSWORD '${password}'`);
					assert.equal(await ask(upstreamOf(server, { user: "r", password }), "SELECT current_user"), "r");
				});
			}

			it("agrees on few and many iterations", async () => {
				if (version < 16) return; // scram_iterations is newer
				for (const iterations of [1, 200_000]) {
					await server.query(`SET scram_iterations = ${iterations}; ALTER ROLE postgres PASSWORD 'x'`);
					assert.equal(await ask(upstreamOf(server, { password: "x" }), "SELECT 1"), "1");
				}
			});
		});

		describe("channel binding", () => {
			for (const certificate of version === 15 ? CERTIFICATES : CERTIFICATES.slice(0, 1)) {
				it(`agrees with the server on a certificate of ${certificate.key} and ${certificate.digest}`, async () => {
					const server = await startPostgres({ version, auth: "scram-sha-256", tls: certificate });
					try {
						const upstream = upstreamOf(server, { tls: { mode: "require" } });
						assert.equal(
							await ask(upstream, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
							"t",
						);
					} finally {
						await server.stop();
					}
				});
			}
		});

		it("presents a client certificate", async () => {
			const authority = makeAuthority();
			const client = authority.issue({ commonName: "postgres", names: [] });
			const files = pemFiles({ "ca.pem": authority.ca, "client.pem": client.cert, "client.key": client.key });
			const server = await startPostgres({ version, auth: "cert", tls: { authority } });
			try {
				const tls = { mode: "verify-full", ca: files.path("ca.pem") } as const;
				const keyed = { ...tls, cert: files.path("client.pem"), key: files.path("client.key") };
				assert.equal(await ask(upstreamOf(server, { tls: keyed }), "SELECT 1"), "1");
				await fails(upstreamOf(server, { tls }), "upstream_authentication_failed");
			} finally {
				await server.stop();
				files.remove();
			}
		});
	});
}

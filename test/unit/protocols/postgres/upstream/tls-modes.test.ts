import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TLS_MODES, type TlsMode } from "../../../../../src/connections/index.ts";
import type { UpstreamErrorCode } from "../../../../../src/protocols/postgres/upstream/index.ts";
import { makeAuthority } from "../../../../support/certificates.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { ask, failure, pemFiles, upstreamOf } from "./fixtures.ts";

const ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

/** Encrypted, in the clear, or the error. */
type Outcome = "tls" | "clear" | UpstreamErrorCode;
type Row = Readonly<Record<TlsMode, Outcome>>;

const SERVERS = {
	"a server with TLS": { tls: true, hostType: "host" },
	"a server that lets only TLS in": { tls: true, hostType: "hostssl" },
	"a server that lets no TLS in": { tls: true, hostType: "hostnossl" },
	"a server without TLS": { tls: false, hostType: "host" },
} as const;

const refused = "upstream_authentication_failed"; // no pg_hba.conf entry
const EXPECTED: Readonly<Record<keyof typeof SERVERS, Row>> = {
	"a server with TLS": {
		disable: "clear",
		allow: "clear",
		prefer: "tls",
		require: "tls",
		"verify-ca": "tls",
		"verify-full": "tls",
	},
	"a server that lets only TLS in": {
		disable: refused,
		allow: "tls",
		prefer: "tls",
		require: "tls",
		"verify-ca": "tls",
		"verify-full": "tls",
	},
	"a server that lets no TLS in": {
		disable: "clear",
		allow: "clear",
		prefer: "clear",
		require: refused,
		"verify-ca": refused,
		"verify-full": refused,
	},
	"a server without TLS": {
		disable: "clear",
		allow: "clear",
		prefer: "clear",
		require: "upstream_tls_required",
		"verify-ca": "upstream_tls_required",
		"verify-full": "upstream_tls_required",
	},
};

for (const version of [15, 18] as const) {
	for (const [name, options] of Object.entries(SERVERS)) {
		describe(`PostgreSQL ${version}, ${name}`, () => {
			let server: RunningPostgres;
			let files: ReturnType<typeof pemFiles>;
			let ca: string;
			before(async () => {
				server = await startPostgres({ version, auth: "scram-sha-256", ...options });
				files = pemFiles({ "ca.pem": (server.authority ?? makeAuthority()).ca });
				ca = files.path("ca.pem");
			});
			after(async () => {
				await server.stop();
				files.remove();
			});

			for (const mode of TLS_MODES) {
				const expected = EXPECTED[name as keyof typeof SERVERS][mode];
				it(`${mode}: ${expected}`, async () => {
					const upstream = upstreamOf(server, { tls: mode.startsWith("verify") ? { mode, ca } : { mode } });
					if (expected === "tls" || expected === "clear") {
						assert.equal(await ask(upstream, ENCRYPTED), expected === "tls" ? "t" : "f");
					} else {
						assert.equal((await failure(upstream)).code, expected);
					}
				});
			}

			it("never encrypts a Unix socket", async () => {
				const upstream = upstreamOf(server, { host: server.socketDir, tls: { mode: "verify-full", ca } });
				assert.equal(await ask(upstream, "SELECT inet_server_addr() IS NULL"), "t");
			});
		});
	}
}

describe("a server's certificate", () => {
	let named: RunningPostgres;
	let other: RunningPostgres;
	let expired: RunningPostgres;
	const authority = makeAuthority();
	const stranger = makeAuthority("Another CA");
	const files = pemFiles({
		"ca.pem": authority.ca,
		"stranger.pem": stranger.ca,
		"broken.pem": "not a certificate",
	});
	const ca = files.path("ca.pem");

	before(async () => {
		[named, other, expired] = await Promise.all([
			startPostgres({ tls: { authority, names: ["DNS:localhost"] } }),
			startPostgres({ tls: { authority, commonName: "db.example", names: ["DNS:db.example"] } }),
			startPostgres({ tls: { authority, days: -1 } }),
		]);
	});
	after(async () => {
		await Promise.all([named.stop(), other.stop(), expired.stop()]);
		files.remove();
	});

	const cases: readonly [string, () => Promise<Outcome>, Outcome][] = [
		[
			"for the host's name is taken by verify-full",
			() => outcome(named, "verify-full", ca, "localhost"),
			"tls",
		],
		[
			"for a name is not one for the address",
			() => outcome(named, "verify-full", ca, "127.0.0.1"),
			"upstream_tls_failed",
		],
		[
			"for another name is refused by verify-full",
			() => outcome(other, "verify-full", ca, "localhost"),
			"upstream_tls_failed",
		],
		["for another name is taken by verify-ca", () => outcome(other, "verify-ca", ca, "localhost"), "tls"],
		["that expired is refused", () => outcome(expired, "verify-ca", ca, "localhost"), "upstream_tls_failed"],
		["that expired is taken where nothing is checked", () => outcome(expired, "require"), "tls"],
		[
			"of another authority is refused by verify-ca",
			() => outcome(named, "verify-ca", files.path("stranger.pem")),
			"upstream_tls_failed",
		],
		[
			"is checked by require too when authorities are configured",
			() => outcome(named, "require", files.path("stranger.pem")),
			"upstream_tls_failed",
		],
		[
			"that fails under prefer leads to an unencrypted try",
			() => outcome(named, "prefer", files.path("stranger.pem")),
			"clear",
		],
		[
			"is refused when only the system's authorities are trusted",
			() => outcome(named, "verify-ca"),
			"upstream_tls_failed",
		],
		[
			"is not asked for when the authority's file is missing",
			() => outcome(named, "verify-ca", files.path("none.pem")),
			"upstream_tls_failed",
		],
		[
			"is refused when the authority's file is not PEM",
			() => outcome(named, "verify-ca", files.path("broken.pem")),
			"upstream_tls_failed",
		],
	];
	for (const [name, run, expected] of cases) {
		it(name, async () => assert.equal(await run(), expected));
	}
});

async function outcome(
	server: RunningPostgres,
	mode: TlsMode,
	ca?: string,
	host = "localhost",
): Promise<Outcome> {
	const upstream = upstreamOf(server, { host, tls: ca === undefined ? { mode } : { mode, ca } });
	try {
		return (await ask(upstream, ENCRYPTED)) === "t" ? "tls" : "clear";
	} catch {
		return (await failure(upstream)).code;
	}
}

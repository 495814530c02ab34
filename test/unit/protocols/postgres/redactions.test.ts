import assert from "node:assert/strict";
import { test } from "node:test";
import type { SqlStatement } from "../../../../src/commands/index.ts";
import { redactionsOf } from "../../../../src/protocols/postgres/redactions.ts";
import { blanked } from "../../../../src/recording/index.ts";

const shown = (text: string, ...kinds: string[]) =>
	blanked(
		text,
		redactionsOf(
			text,
			kinds.map((kind) => ({ kind }) as SqlStatement),
		),
	);

test("every literal of a text that may hold a password is kept from the record, however it is written", () => {
	for (const text of [
		"ALTER ROLE a PASSWORD 'S3cr3t'",
		"ALTER ROLE a PASSWORD E'it\\'S3cr3t'",
		"ALTER ROLE a PASSWORD U&'S3cr3t'",
		"ALTER ROLE a PASSWORD $$S3cr3t$$",
		"ALTER ROLE a PASSWORD $x$S3cr3t$$ $x$",
		"ALTER ROLE a PASSWORD 'it''S3cr3t'",
		"ALTER ROLE a PASSWORD 'x'\n'S3cr3t'",
		"/* it's */ ALTER ROLE a PASSWORD 'S3cr3t'",
		"-- it's\nALTER ROLE a PASSWORD 'S3cr3t'",
		"ALTER ROLE \"it's\" PASSWORD 'S3cr3t'",
		"SELECT $1, 'S3cr3t' AS password",
		"/* password: S3cr3t */ SELECT 1",
		"SELECT * FROM dblink('postgresql://u:S3cr3t@h/db', 'SELECT 1') AS t(a int)",
		"SELECT crypt('S3cr3t', gen_salt('bf'))",
		"SELECT pgp_sym_decrypt(x, 'S3cr3t') FROM t",
		"SELECT * FROM t WHERE pwd = 'ü€S3cr3t'",
	])
		assert.doesNotMatch(shown(text), /S3cr3t/, text);
	assert.doesNotMatch(shown("CREATE SERVER s OPTIONS (token 'S3cr3t')", "create_server"), /S3cr3t/);
});

test("names stay, and so does a text that speaks of no password", () => {
	assert.equal(shown("ALTER ROLE \"Ünï\" PASSWORD 'x' LOGIN"), 'ALTER ROLE "Ünï" PASSWORD [redacted] LOGIN');
	for (const text of [
		"SELECT 'x' FROM orders WHERE url = 'https://example.org:8080/a@b'",
		"SELECT email FROM customers WHERE email = 'a@b.example'",
	])
		assert.equal(shown(text), text);
});

test("where a parameter may be a password its place is one of the ranges", () => {
	assert.equal(
		shown("UPDATE people SET password = $1 WHERE id = $23"),
		"UPDATE people SET password = [redacted] WHERE id = [redacted]",
	);
	assert.deepEqual(redactionsOf("SELECT $1", []), []);
});

test("it takes one pass over a text, whatever stands in it", () => {
	const million = 1 << 19;
	for (const text of [
		`INSERT INTO people (password) VALUES ${"('ü'),".repeat(million / 8)}('x')`,
		`SELECT 'pwd' /* ${Array.from({ length: million / 8 }, (_, at) => `$a${at}$`).join(" ")} */`,
		"://:".repeat(million / 4),
		"crypt".repeat(million / 5),
	]) {
		const started = performance.now();
		redactionsOf(text, []);
		const took = performance.now() - started;
		assert.ok(took < 4_000, `${took} ms: ${text.slice(0, 40)}`);
	}
});

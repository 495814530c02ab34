import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { Secret } from "../../../src/lib/index.ts";

test("a secret turned into text in any way stays one", () => {
	const secret = new Secret("hunter2");
	const made = { password: secret, list: [secret], nested: { secret } };
	const texts = [
		String(secret),
		`${secret}`,
		["", secret].join(""),
		JSON.stringify(made),
		inspect(made, { depth: 9, showHidden: true }),
		format("%s %o %O %j", secret, secret, secret, secret),
		JSON.stringify({ ...secret }),
		Object.values(secret).join(),
		JSON.stringify(structuredClone(secret)),
	];
	for (const text of texts) assert.equal(text.includes("hunter2"), false, text);
	assert.equal(secret.reveal(), "hunter2");
});

test("secrets are compared without being printed", () => {
	assert.equal(new Secret("a").equals(new Secret(() => "a")), true);
	assert.equal(new Secret("a").equals(new Secret("aa")), false);
});

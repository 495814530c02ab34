import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { sanitizeErrorFields, standardText } from "../../../../../src/protocols/postgres/codec/index.ts";
import { CONDITION_NAMES } from "../../../../../src/protocols/postgres/codec/sqlstates.ts";
import { postgresBinDir } from "../../../../support/postgres.ts";

describe("a sanitised error", () => {
	it("keeps severity and SQLSTATE and nothing that could quote a value", () => {
		const fields = new Map(
			Object.entries({
				...{ S: "FEHLER", V: "ERROR", C: "23505", M: "duplicate key (email)=(ada@example.com)", D: "secret" },
				...{ H: "secret", P: "7", p: "1", q: "secret", W: "secret", s: "secret", t: "secret", c: "secret" },
				...{ d: "secret", n: "secret", F: "nbtinsert.c", L: "1", R: "secret" },
			}),
		);
		assert.deepEqual(Object.fromEntries(sanitizeErrorFields(fields)), {
			...{ S: "FEHLER", V: "ERROR", C: "23505", M: "unique violation" },
		});
	});

	it("does not take a code that RAISE made up, for five characters can carry a value too", () => {
		for (const code of ["AB12C", "toStr", "__pro", ""]) {
			const sanitised = sanitizeErrorFields(new Map([["C", code]]));
			assert.equal(sanitised.get("C"), "XX000");
			assert.equal(sanitised.get("M"), "internal error");
		}
		assert.equal(sanitizeErrorFields(new Map()).get("S"), "ERROR");
	});

	it("has a text for every code of the servers' own lists", () => {
		const lists = [
			"/usr/share/postgresql/15/errcodes.txt",
			join(postgresBinDir(18), "../share/postgresql/errcodes.txt"),
		].map((path) => readFileSync(path, "utf8"));
		let codes = 0;
		for (const [, code = ""] of lists.join("\n").matchAll(/^([0-9A-Z]{5})\s+[EWS]\s+\S+\s+(\S+)$/gm)) {
			codes++;
			assert.ok(Object.hasOwn(CONDITION_NAMES, code), code);
			assert.ok(standardText(code).length > 0);
		}
		assert.ok(codes > 450);
	});
});

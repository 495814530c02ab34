import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { errorTables } from "../../tools/docs/error-tables.ts";
import { errorsPage } from "../../tools/docs/errors-page.ts";

const PAGE = new URL("../../docs/errors.md", import.meta.url);
const CONFIGURATION = new URL("../../docs/configuration.md", import.meta.url);

describe("the rooms' error tables", async () => {
	const tables = await errorTables();
	const entries = tables.flatMap(({ room, table }) =>
		Object.entries(table).map(([code, entry]) => ({ room, code, ...entry })),
	);

	it("are all found", () => {
		for (const room of ["approvals", "cli", "config", "control", "gate", "identity", "policy", "recording"]) {
			assert.ok(
				tables.some((table) => table.room === room),
				room,
			);
		}
	});

	it("name each code once in the whole product, in lower snake case", () => {
		const seen = new Map<string, string>();
		for (const { code, room } of entries) {
			assert.match(code, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
			assert.equal(seen.get(code), undefined, `${code} is raised by ${seen.get(code)} and by ${room}`);
			seen.set(code, room);
		}
	});

	it("say for each what is the matter and what to do", () => {
		for (const { code, cause, remedy } of entries) {
			assert.ok(cause.length > 10, `${code} has no cause`);
			assert.ok(remedy.length > 10, `${code} has no remedy`);
			assert.notEqual(cause, remedy, code);
		}
	});

	it("name only settings that there are", async () => {
		const configuration = await readFile(CONFIGURATION, "utf8");
		const setting =
			/\b(?:limits|listeners|identity|approvals|bundles|recordings|connections|services|store)\.[A-Za-z_.]*[a-z]/g;
		for (const { code, remedy } of entries) {
			for (const [path] of remedy.matchAll(setting)) {
				assert.ok(configuration.includes(`| \`${path}\` |`), `${code} names ${path}`);
			}
		}
	});

	it("are what docs/errors.md says (else run: node tools/generate-docs.ts)", async () => {
		assert.equal(await readFile(PAGE, "utf8"), errorsPage(tables));
	});
});

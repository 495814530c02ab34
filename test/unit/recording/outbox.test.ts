import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../../src/recording/journal.ts";
import { Outbox } from "../../../src/recording/outbox.ts";

const entry = (body: string, awaited: boolean, before?: Entry): Entry => ({
	time: "2026-11-26T10:00:00.000Z",
	session: "s1",
	body,
	ends: false,
	awaited,
	before,
});

test("a command that can't be written is dropped, and the outcome in its line is not", () => {
	const outbox = new Outbox();
	const outcome = entry("outcome of a", false);
	outbox.add(entry("rows", false));
	outbox.add(entry("command b, with it", true, outcome));
	outbox.add(entry("command c", true));
	outbox.add(entry("error", false));
	outbox.dropAwaited();
	assert.deepEqual(
		outbox.entries.map(({ body }) => body),
		["rows", "outcome of a", "error"],
	);
});

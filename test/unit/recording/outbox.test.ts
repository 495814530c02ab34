import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../../src/recording/entries.ts";
import { OpenSession } from "../../../src/recording/open-sessions.ts";
import { Outbox } from "../../../src/recording/outbox.ts";
import { outcome } from "./support.ts";

const TIME = "2026-11-26T10:00:00.000Z";

const entry = (head: string, awaited: boolean, before: Entry["before"] = null): Entry => ({
	time: TIME,
	session: new OpenSession("s1"),
	head,
	common: null,
	rest: "",
	ends: false,
	awaited,
	before,
});

test("a command that can't be written is dropped, and the outcome in its line is not", () => {
	const outbox = new Outbox();
	const ended = { event: outcome("s1", "a"), time: TIME, forwarded: undefined, round: 0 };
	outbox.add(entry("rows", false));
	outbox.add(entry("command b, with it", true, ended));
	outbox.add(entry("command c", true));
	outbox.add(entry("error", false));
	outbox.dropAwaited();
	const [rows, own, error, ...more] = outbox.entries.map(({ head }) => head);
	assert.deepEqual([rows, error, more], ["rows", "error", []]);
	assert.deepEqual({ session: "s1", ...JSON.parse(`{${own}}`) }, outcome("s1", "a"));
});

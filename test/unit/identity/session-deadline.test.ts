import assert from "node:assert/strict";
import { test } from "node:test";
import { type Credential, sessionDeadline } from "../../../src/identity/index.ts";

const credential = (expiresAt: number | null): Credential => ({
	id: "c",
	kind: "jwt",
	expiresAt,
	mayApprove: false,
});

test("a session ends with its credential", () => {
	assert.equal(sessionDeadline(credential(5_000), 1_000, "credential"), 5_000);
	assert.equal(sessionDeadline(credential(null), 1_000, "credential"), null);
});

test("a session with a lifetime of its own ends that long after it began", () => {
	assert.equal(sessionDeadline(credential(5_000), 1_000, 60_000), 61_000);
	assert.equal(sessionDeadline(credential(null), 1_000, 60_000), 61_000);
});

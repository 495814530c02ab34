import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelKeys } from "../../../../src/protocols/postgres/cancel-keys.ts";

describe("keys to cancel by", () => {
	it("have the server's process id and a secret of the gateway's own, longer since protocol 3.2", () => {
		const keys = new CancelKeys<string>();
		const old = keys.issue("a", 0, 4711);
		assert.equal(old.processId, 4711);
		assert.equal(old.secret.length, 4);
		assert.equal(keys.issue("b", 2, 4711).secret.length, 32);
		assert.ok(keys.issue("c", 0, null).processId > 0);
	});

	it("tell sessions apart whose servers gave them the same process id", () => {
		const keys = new CancelKeys<string>();
		const [one, other] = [keys.issue("one", 0, 7), keys.issue("other", 0, 7)];
		assert.equal(keys.find(7, one.secret), "one");
		assert.equal(keys.find(7, other.secret), "other");
		keys.revoke(one);
		assert.equal(keys.find(7, one.secret), undefined);
		assert.equal(keys.find(7, other.secret), "other");
	});

	it("are good for nothing with another's secret or process id, nor when the session is over", () => {
		const keys = new CancelKeys<string>();
		const key = keys.issue("a", 2, 7);
		assert.equal(keys.find(8, key.secret), undefined);
		assert.equal(keys.find(7, Buffer.alloc(32)), undefined);
		assert.equal(keys.find(7, key.secret.subarray(0, 4)), undefined);
		keys.revoke(key);
		assert.equal(keys.find(7, key.secret), undefined);
	});
});

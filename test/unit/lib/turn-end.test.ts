import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { TurnEnd } from "../../../src/lib/index.ts";

test("what was added in a turn runs at its end, in order; what is added then waits for the next end", async () => {
	const end = new TurnEnd();
	const done: string[] = [];
	end.add(() => {
		done.push("first");
		end.add(() => done.push("next turn"));
	});
	end.add(() => done.push("second"));
	assert.deepEqual(done, []);
	await turn();
	assert.deepEqual(done, ["first", "second"]);
	await turn();
	assert.deepEqual(done, ["first", "second", "next turn"]);
});

test("one that throws ends as it would by itself, and the others run at the next end", (context) => {
	context.mock.timers.enable({ apis: ["setImmediate"] });
	const end = new TurnEnd();
	const done: string[] = [];
	end.add(() => {
		throw new Error("broken");
	});
	end.add(() => done.push("after it"));
	assert.throws(() => context.mock.timers.tick(0), /broken/);
	context.mock.timers.tick(0);
	assert.deepEqual(done, ["after it"]);
});

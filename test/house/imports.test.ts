import assert from "node:assert/strict";
import { test } from "node:test";
import { importGraph } from "./import-graph.ts";
import { objection } from "./rooms.ts";

test("every import goes one way: lib, rooms, gate, protocols, main; through doors", () => {
	const graph = importGraph();
	assert.ok(graph.length > 500, `the compiler told of ${graph.length} imports only`);
	const wrong = graph.flatMap((arrow) => {
		const reason = objection(arrow);
		return reason === undefined ? [] : [`src/${arrow.from} -> src/${arrow.to}: ${reason}`];
	});
	assert.deepEqual(wrong, []);
});

test("an arrow the wrong way is objected to", () => {
	const wrong: [string, string][] = [
		["lib/ids.ts", "identity/index.ts"],
		["identity/principal.ts", "policy/index.ts"],
		["policy/runtime.ts", "gate/index.ts"],
		["policy/runtime.ts", "protocols/index.ts"],
		["gate/gate.ts", "protocols/index.ts"],
		["gate/gate.ts", "policy/runtime.ts"],
		["protocols/postgres/session.ts", "store/index.ts"],
		["protocols/postgres/session.ts", "control/index.ts"],
		["protocols/postgres/session.ts", "protocols/mysql/index.ts"],
		["store/tokens.ts", "control/index.ts"],
		["control/app.ts", "main.ts"],
		["cli/run.ts", "control/index.ts"],
		["cli/run.ts", "wiring/metrics.ts"],
		["main.ts", "cli/main.ts"],
		["elsewhere/index.ts", "lib/index.ts"],
	];
	for (const [from, to] of wrong) assert.notEqual(objection({ from, to }), undefined, `${from} -> ${to}`);
});

test("an arrow the right way is not", () => {
	const right: [string, string][] = [
		["policy/runtime.ts", "policy/engine/engine.ts"],
		["policy/runtime.ts", "identity/index.ts"],
		["gate/gate.ts", "recording/index.ts"],
		["protocols/postgres/session.ts", "gate/index.ts"],
		["protocols/postgres/index.ts", "protocols/protocol.ts"],
		["protocols/index.ts", "protocols/postgres/index.ts"],
		["main.ts", "wiring/metrics.ts"],
		["wiring/metrics.ts", "gate/index.ts"],
		["cli/commands/serve.ts", "main.ts"],
		["cli/commands/bundle/build.ts", "policy/build/index.ts"],
	];
	for (const [from, to] of right) assert.equal(objection({ from, to }), undefined, `${from} -> ${to}`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { SqlStatement } from "../../../src/commands/index.ts";
import { MaskFaults } from "../../../src/gate/index.ts";
import { MissingColumn } from "../../../src/masking/index.ts";
import type { MaskObligation } from "../../../src/policy/index.ts";

const missing = new MissingColumn("public", "short", "gone");
const mask = { columns: ["public.short.gone"] } as unknown as MaskObligation;
const reads = (name: string, nested: readonly SqlStatement[] = []) =>
	({ relations: [{ schema: "public", name }], nested }) as unknown as SqlStatement;

function faults(): { faults: MaskFaults; activate(): void; connections(): string[] } {
	let activate = () => {};
	const made = new MaskFaults({
		onActivated: (listener) => {
			activate = () => listener({} as Parameters<typeof listener>[0]);
			return () => {};
		},
	});
	made.denied("orders", missing, 1);
	made.denied("billing", missing, 2);
	return {
		faults: made,
		activate: () => activate(),
		connections: () => made.list().map(({ connection }) => connection),
	};
}

test("a fault stays while others, whom the mask is not for, go through", () => {
	const made = faults();
	made.faults.permitted("orders", [], [reads("short")]);
	made.faults.permitted("orders", [mask], [reads("other")]);
	assert.deepEqual(made.connections(), ["orders", "billing"]);
});

test("it goes where a command on the table goes through under the same mask, and on that connection alone", () => {
	const made = faults();
	made.faults.permitted("orders", [mask], [reads("outer", [reads("short")])]);
	assert.deepEqual(made.connections(), ["billing"]);
});

test("it goes with the policy that had the mask", () => {
	const made = faults();
	made.activate();
	assert.deepEqual(made.connections(), []);
});

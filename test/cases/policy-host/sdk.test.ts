/** OPA's own JavaScript SDK as an independent second host: on policies that it can run it decides the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { build, input, LIMITS, open, sources } from "../../unit/policy/support.ts";

const RULES = `
deny contains {"rule": "table", "message": lower(table.name), "remedy": null} if {
	some table in input.tables
	startswith(table.name, data.prefix)
	not table.name in {name | some name in data.exempt}
}

deny contains {"rule": "many", "message": format_int(count(input.tables), 10), "remedy": null} if count(input.tables) > 3
`;

test("decisions are those of @open-policy-agent/opa-wasm", async () => {
	const archive = await build({
		...sources(RULES),
		"data.json": '{"prefix": "HR", "exempt": ["HR_public"]}',
	});
	const wasm = (await readArchive(archive, LIMITS)).get("policy.wasm");
	assert.ok(wasm);
	const sdk = await loadPolicy(Uint8Array.from(wasm).buffer);
	sdk.setData({ prefix: "HR", exempt: ["HR_public"] });
	const ours = await open(archive);
	const table = (...names: string[]) => ({ tables: names.map((name) => ({ name })) });
	const inputs = [
		{},
		table(),
		table("HR_pay"),
		table("HR_public"),
		table("a", "b", "c", "HR_é"),
		{ tables: "none" },
	];
	for (const fields of [...inputs, { command: { kind: "ddl" } }]) {
		const text = input(fields);
		const [theirs] = sdk.evaluate(JSON.parse(text), "sallyport/command/decision") as {
			result: { reasons: object[] };
		}[];
		const byText = (reasons: readonly object[]) =>
			reasons.map((reason) => JSON.stringify(reason, Object.keys(reason).sort())).sort();
		const { decision } = ours.decideCommand(text);
		assert.deepEqual(
			{ ...decision, reasons: byText(decision.reasons) },
			{ ...theirs?.result, reasons: byText(theirs?.result.reasons ?? []) },
		);
	}
});

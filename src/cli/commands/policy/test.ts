import { type PolicyTest, type PolicyTests, runPolicyTests } from "../../../policy/build/index.ts";
import type { AddCommand } from "../../context.ts";
import { wholeNumber } from "../../values.ts";

interface Options {
	readonly maxCost?: number;
	readonly json?: true;
}

/** The tests of a policy by OPA, and in the engine that a gateway has. */
export const policyTest: AddCommand = (parent, { terminal, setExitCode }) => {
	parent
		.command("test <dirs...>")
		.description("run a policy's tests by opa and in the gateway's own engine, and count what each costs")
		.option(
			"--max-cost <units>",
			"fail where a test costs more budget units, or can't be run there",
			wholeNumber,
		)
		.option("--json", "as JSON")
		.action(async (dirs: string[], { maxCost, json }: Options) => {
			const ran = await terminal.during("testing", runPolicyTests(dirs));
			const failures = ran.tests.filter((test) => problemOf(test, maxCost) !== null);
			const unmeasured = maxCost !== undefined && ran.engineProblem !== null;
			if (json) terminal.json({ ...ran, max_cost: maxCost ?? null, failed: failures.length });
			else show(ran, maxCost);
			if (failures.length > 0 || unmeasured || ran.tests.length === 0) setExitCode(1);
		});

	function show({ tests, engineProblem }: PolicyTests, maxCost: number | undefined): void {
		for (const test of tests) {
			const problem = problemOf(test, maxCost);
			if (problem !== null) terminal.line(`FAIL  ${test.file}:${test.line}  ${test.name}: ${problem}`);
		}
		if (engineProblem !== null) terminal.note(`the gateway's engine can't run these tests: ${engineProblem}`);
		if (tests.length === 0) return terminal.note("There are no tests (test_* in *_test.rego).");
		const [dearest] = [...tests].sort((a, b) => (b.cost ?? 0) - (a.cost ?? 0));
		const passed = tests.filter((test) => problemOf(test, maxCost) === null).length;
		terminal.line(`${passed} of ${tests.length} passed`);
		if (dearest?.cost != null) terminal.line(`dearest: ${dearest.name}, ${dearest.cost} budget units`);
	}
};

function problemOf({ passed, inEngine, cost, why }: PolicyTest, maxCost: number | undefined): string | null {
	if (!passed) return "it fails";
	if (inEngine === false)
		return `it passes in opa and fails in the gateway's engine${why === null ? "" : ` (${why})`}`;
	if (maxCost !== undefined && cost !== null && cost > maxCost)
		return `it costs ${cost} units, more than ${maxCost}`;
	return null;
}

import { BuildError, type RuleTrial, sourceRevision, whatRulesLacked } from "../../../policy/build/index.ts";
import { type Explanation, splitRevision } from "../../../policy/index.ts";
import type { RecordedDecision } from "../../answers.ts";
import { type AddCommand, type Context, gatewayCommand } from "../../context.ts";
import { ask, explained, type QuestionOptions, withQuestion } from "../../question.ts";
import { recordedFacts } from "../../recorded-decision.ts";
import { several } from "../../values.ts";

interface Options extends QuestionOptions {
	readonly policy: readonly string[];
}

/** Why a command is decided as it is, what each other rule lacked, and what would go through. */
export const policyExplain: AddCommand = (parent, context) => {
	const command = withQuestion(gatewayCommand(parent, "explain", context));
	command
		.description("say in words what the policy decides on a command, why, and what would have been allowed")
		.option(
			"--policy <dir>",
			"the policy's sources: with opa installed, what each other rule lacked; several times",
			several,
			[],
		)
		.option("--json", "as JSON")
		.action(async (decision: string | undefined, options: Options) => {
			const { terminal } = context;
			const answered = await ask(command, decision, options, context);
			const { recorded } = answered;
			if (answered.kind === "recorded_only") {
				if (options.json) return terminal.json({ recorded, explanation: null, other_rules: null });
				return terminal.facts(recordedFacts(answered.recorded));
			}
			const explanation = await explained(answered, options, context);
			const others = await otherRules(options.policy, answered.answer.input, explanation.revision);
			const trials = "trials" in others ? others.trials : null;
			if (options.json) return terminal.json({ recorded, explanation, other_rules: trials });
			if (recorded !== null) showRecorded(recorded, explanation, context);
			show(explanation, context);
			if ("trials" in others) showTrials(others.trials, context);
			else terminal.note(others.why);
		});
};

/** What OPA says of the sources; or why it can't be asked. The library alone needs no directory to be named. */
async function otherRules(
	dirs: readonly string[],
	input: unknown,
	revision: string,
): Promise<{ readonly trials: readonly RuleTrial[] } | { readonly why: string }> {
	if (dirs.length === 0 && (await sourceRevision([])) !== splitRevision(revision).carrier) {
		return { why: "What each other rule lacked: name the policy's sources with --policy DIR." };
	}
	try {
		return { trials: await whatRulesLacked(dirs, input) };
	} catch (thrown) {
		if (!(thrown instanceof BuildError) || thrown.code !== "opa_missing") throw thrown;
		return { why: "What each other rule lacked: install opa, and it is told here." };
	}
}

function showRecorded(recorded: RecordedDecision, { revision }: Explanation, { terminal }: Context): void {
	terminal.facts(recordedFacts(recorded));
	terminal.line();
	const then = recorded.recorded.revision;
	terminal.note(
		then === revision
			? "The same revision is in force:"
			: `Revision ${revision}, in force now, says of the same input:`,
	);
}

function show(explanation: Explanation, { terminal }: Context): void {
	terminal.heading(explanation.summary);
	for (const { rule, set, message, remedy, where } of explanation.rules) {
		terminal.line(`  ${set} ${rule}: ${message}${where.length === 0 ? "" : `  [${where.join(", ")}]`}`);
		if (remedy !== null) terminal.line(`    remedy: ${remedy}`);
	}
	if (explanation.would_be_allowed.length > 0) {
		terminal.line();
		terminal.heading("It would go through");
		for (const { change, action } of explanation.would_be_allowed) {
			terminal.line(`  ${change}${action === "allow" ? "" : " (then it waits for approval)"}`);
		}
	}
	terminal.line();
	for (const { kind, effects, relations, opaque_reasons } of explanation.statements) {
		terminal.line(`${kind}: ${effects.join(", ")}`);
		for (const relation of relations) terminal.line(`  touches ${relation}`);
		for (const reason of opaque_reasons) terminal.line(`  can't be judged: ${reason}`);
	}
	const { revision, cost, micros } = explanation;
	terminal.line(`revision ${revision}, ${cost} units, ${micros.toFixed(1)} microseconds`);
}

function showTrials(trials: readonly RuleTrial[], { terminal }: Context): void {
	terminal.line();
	terminal.heading("Rules");
	for (const { set, rule, file, line, fired, lacked } of trials) {
		const name = `${set.split("/").at(-1)} ${rule ?? "(computed)"}`;
		const lack = lacked === null ? "nothing of it was come to" : `lacked line ${lacked.line}: ${lacked.text}`;
		terminal.line(`  ${fired ? "fired" : "     "}  ${name}  [${file}:${line}]${fired ? "" : `  ${lack}`}`);
	}
}

import { type AddCommand, gatewayCommand } from "../../context.ts";
import { decisionFacts } from "../../decision.ts";
import { ask, type QuestionOptions, withQuestion } from "../../question.ts";
import { recordedFacts } from "../../recorded-decision.ts";

/** What the policy is asked for a command and what it answers; nothing is run. */
export const policyEval: AddCommand = (parent, context) => {
	const command = withQuestion(gatewayCommand(parent, "eval", context));
	command
		.description("show the input and the decision for a command, by a gateway or by a bundle on this machine")
		.option("--json", "as JSON")
		.action(async (decision: string | undefined, options: QuestionOptions) => {
			const { terminal } = context;
			const answered = await ask(command, decision, options, context);
			const { recorded } = answered;
			if (answered.kind === "recorded_only") {
				if (options.json) return terminal.json(answered.recorded);
				return terminal.facts(recordedFacts(answered.recorded));
			}
			const { answer } = answered;
			if (options.json) return terminal.json(recorded ?? answer);
			if (recorded !== null) {
				terminal.heading("recorded");
				terminal.facts(recordedFacts(recorded));
				terminal.line();
			}
			terminal.heading("input");
			terminal.line(JSON.stringify(answer.input, null, 2));
			terminal.line();
			terminal.heading(recorded === null ? "decision" : "decision of the policy in force");
			terminal.facts(decisionFacts(answer));
		});
};

import type { Explanation } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { type EvalBodyOptions, evalBody } from "../../eval-body.ts";

interface Options extends ListOptions, EvalBodyOptions {}

export const policyExplain: AddCommand = (parent, context) => {
	gatewayCommand(parent, "explain", context)
		.description("say in words what the policy decides on a command, and why")
		.requiredOption("--connection <name>", "the connection it would run on")
		.requiredOption("--sql <text>", "the command, as a client would send it")
		.option("--reason <text>", "what the client would give as its reason")
		.option("--principal <file>", "JSON file with the principal to ask for, in place of yourself")
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const { terminal } = context;
			const gateway = openGateway(options, context);
			const answer = await gateway.json<Explanation>(
				"POST",
				"api/v1/policy/explain",
				await evalBody(options),
			);
			if (options.json) return terminal.json(answer);
			terminal.heading(answer.summary);
			for (const { rule, set, message, remedy } of answer.rules) {
				terminal.line(`  ${set} ${rule}: ${message}`);
				if (remedy !== null) terminal.line(`    remedy: ${remedy}`);
			}
			terminal.line();
			for (const { kind, effects, relations, opaque_reasons } of answer.statements) {
				terminal.line(`${kind}: ${effects.join(", ")}`);
				for (const relation of relations) terminal.line(`  touches ${relation}`);
				for (const reason of opaque_reasons) terminal.line(`  can't be judged: ${reason}`);
			}
			terminal.line(
				`revision ${answer.revision}, ${answer.cost} units, ${answer.micros.toFixed(1)} microseconds`,
			);
		});
};

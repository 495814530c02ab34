import type { EvalAnswer } from "../../answers.ts";
import {
	type AddCommand,
	type Context,
	gatewayCommand,
	type ListOptions,
	openGateway,
} from "../../context.ts";
import { decisionFacts } from "../../decision.ts";
import { evalBody } from "../../eval-body.ts";
import { evaluateOffline, type OfflineAnswer } from "../../offline-eval.ts";
import { type VerifyOptions, withVerification } from "../../signing.ts";

interface Options extends ListOptions, VerifyOptions {
	readonly connection?: string;
	readonly sql?: string;
	readonly reason?: string;
	readonly principal?: string;
	readonly bundle?: string;
	readonly input?: string;
}

/** What the policy is asked for a command and what it answers; nothing is run. */
export const policyEval: AddCommand = (parent, context) => {
	const command = withVerification(gatewayCommand(parent, "eval", context));
	command
		.description("show the input and the decision for a command, by a gateway or by a bundle on this machine")
		.option("--connection <name>", "with --sql: the connection it would run on")
		.option("--sql <text>", "the command, as a client would send it")
		.option("--reason <text>", "what the client would give as its reason")
		.option("--principal <file>", "JSON file with the principal to ask for, in place of yourself")
		.option("--bundle <path>", "with --input: a bundle's tarball or directory; no gateway is asked")
		.option("--input <file>", "JSON file with the whole input")
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const { connection, sql, bundle, input } = options;
			if (bundle !== undefined && input !== undefined) {
				return show(await evaluateOffline(bundle, input, options, context.env), options, context);
			}
			if (connection === undefined || sql === undefined) {
				command.error("error: give --connection and --sql, or --bundle and --input");
			}
			const body = await evalBody(options);
			const answer = await openGateway(options, context).json<EvalAnswer>("POST", "api/v1/policy/eval", body);
			show(answer, options, context);
		});
};

function show(answer: EvalAnswer | OfflineAnswer, { json }: Options, { terminal }: Context): void {
	if (json) {
		terminal.json(answer);
		return;
	}
	terminal.heading("input");
	terminal.line(JSON.stringify(answer.input, null, 2));
	terminal.line();
	terminal.heading("decision");
	terminal.facts(decisionFacts(answer));
}

import type { Command } from "commander";
import { type Explanation, explain, openPolicy, readBundleAt } from "../policy/index.ts";
import type { EvalAnswer, RecordedDecision } from "./answers.ts";
import { type Context, type ListOptions, openGateway } from "./context.ts";
import { CliError } from "./errors.ts";
import { readJson } from "./files.ts";
import { evaluateOffline, type OfflineAnswer } from "./offline-eval.ts";
import { type VerifyOptions, verification, withVerification } from "./signing.ts";

/** What `policy eval` and `policy explain` can be asked about. */
export interface QuestionOptions extends ListOptions, VerifyOptions {
	readonly connection?: string;
	readonly sql?: string;
	readonly ssh?: string;
	readonly kubernetes?: string;
	readonly reason?: string;
	readonly principal?: string;
	readonly bundle?: string;
	readonly input?: string;
}

/** Adds the ways of naming a command. */
export function withQuestion(command: Command): Command {
	return withVerification(command)
		.argument("[decision]", "the id of a recorded decision, as a denial tells it")
		.option("--connection <name>", "with --sql: the connection it would run on")
		.option("--sql <text>", "the command, as a client would send it")
		.option("--ssh <text>", "a shell command: its analysis is not in this release, see --input")
		.option("--kubernetes <request>", "a request: its analysis is not in this release, see --input")
		.option("--reason <text>", "what the client would give as its reason")
		.option("--principal <file>", "JSON file with the principal to ask for, in place of yourself")
		.option("--bundle <path>", "with --input: a bundle's tarball or directory; no gateway is asked")
		.option("--input <file>", 'JSON file with the input; {"command": {...}} is enough, the rest is filled in')
		.addHelpText(
			"after",
			'\nThe input\'s form is that of policy-schemas/command/input.json, for SSH and Kubernetes too:\n  {"command": {"type": "exec", "text": "rm -rf /srv", "programs": [{"name": "rm", ...}], "opaque": false}}',
		);
}

/** An answer, and the record's own where the question was about a recorded decision. */
export type Answered =
	| {
			readonly kind: "evaluated";
			readonly answer: EvalAnswer | OfflineAnswer;
			readonly recorded: RecordedDecision | null;
	  }
	| { readonly kind: "recorded_only"; readonly recorded: RecordedDecision };

/** Asks the gateway, or the bundle. Wrong usage ends with exit code 2. */
export async function ask(
	command: Command,
	decision: string | undefined,
	options: QuestionOptions,
	context: Context,
): Promise<Answered> {
	const { connection, sql, bundle, input } = options;
	refuseUnspoken(options);
	if (decision !== undefined) {
		const path = `api/v1/policy/decisions/${encodeURIComponent(decision)}`;
		const recorded = await openGateway(options, context).json<RecordedDecision>("GET", path);
		if (recorded.now === null) return { kind: "recorded_only", recorded };
		return { kind: "evaluated", answer: recorded.now.evaluated, recorded };
	}
	if (bundle !== undefined && input !== undefined) {
		return {
			kind: "evaluated",
			answer: await evaluateOffline(bundle, input, options, context.env),
			recorded: null,
		};
	}
	if (input === undefined && (connection === undefined || sql === undefined)) {
		command.error(
			"error: give a decision's id, --connection and --sql, or --input (with --bundle for no gateway)",
		);
	}
	const principal = options.principal === undefined ? {} : { principal: await readJson(options.principal) };
	const reason = options.reason === undefined ? {} : { reason: options.reason };
	const body =
		input === undefined
			? { connection, sql, ...reason, ...principal }
			: { input: await readJson(input), ...principal };
	const answer = await openGateway(options, context).json<EvalAnswer>("POST", "api/v1/policy/eval", body);
	return { kind: "evaluated", answer, recorded: null };
}

/** The same question's answer in words. */
export async function explained(
	answered: Answered,
	options: QuestionOptions,
	context: Context,
): Promise<Explanation> {
	if (answered.kind === "recorded_only") throw new Error("there is nothing to explain");
	const { answer, recorded } = answered;
	if (recorded?.now != null) return recorded.now.explanation;
	const { bundle } = options;
	if (bundle === undefined) {
		return openGateway(options, context).json<Explanation>("POST", "api/v1/policy/explain", {
			input: answer.input,
		});
	}
	const policy = await openPolicy(await readBundleAt(bundle, await verification(options, context.env)));
	return explain(answer as EvalAnswer, policy.ready.rules, policy);
}

function refuseUnspoken({ ssh, kubernetes }: QuestionOptions): void {
	if (ssh === undefined && kubernetes === undefined) return;
	const what = ssh === undefined ? "Kubernetes requests" : "shell commands";
	throw new CliError("protocol_not_spoken", `This release doesn't analyse ${what}.`);
}

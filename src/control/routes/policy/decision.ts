import type { FastifyRequest } from "fastify";
import { inputText } from "../../../policy/index.ts";
import { type DecidedCommand, findDecision } from "../../../recording/index.ts";
import { pathParameter, type Resource, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures, IdParameters } from "../../schemas/common.ts";
import { RecordedDecision } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";

/** Why a recorded command was decided as it was, and what the policy in force says of it. */
export function showDecision(app: App, { ports }: Control): void {
	/** Found once a request: the guard asks whose it is before the operation runs. */
	const found = new WeakMap<FastifyRequest, Promise<DecidedCommand | undefined>>();
	const decisionOf = (request: FastifyRequest) => {
		const known = found.get(request) ?? findDecision(ports.recordDirectory, pathParameter(request, "id"));
		found.set(request, known);
		return known;
	};
	app.get(
		"/api/v1/policy/decisions/:id",
		{
			config: {
				access: {
					action: "policy:explain",
					resource: async (request) => resourceOf(pathParameter(request, "id"), await decisionOf(request)),
					recorded: true,
				},
			},
			schema: {
				summary: "Explain a recorded decision",
				params: IdParameters,
				response: { 200: RecordedDecision, ...guardedFailures },
			},
		},
		async (request) => {
			const command = await decisionOf(request);
			if (command === undefined)
				throw new ControlError("not_found", `There is no decision ${request.params.id}.`);
			return view(command, ports.policyEval);
		},
	);
}

/** It belongs to whoever ran the command; of an unknown one no more than its id. */
function resourceOf(id: string, command: DecidedCommand | undefined): Resource {
	if (command === undefined) return resource("decision", id);
	const { issuer, subject } = command.principal;
	const { name, labels } = command.connection;
	return {
		type: "decision",
		id,
		owner: `${text(issuer)}|${text(subject)}`,
		connection: text(name),
		labels: textsOf(labels),
	};
}

async function view(
	command: DecidedCommand,
	policyEval: Control["ports"]["policyEval"],
): Promise<RecordedDecision> {
	const { id, session, time, principal, connection, decision, input } = command;
	const evaluated =
		typeof input === "string" ? null : await policyEval.evaluate({ input: JSON.parse(inputText(input)) });
	const reasons = Array.isArray(decision["reasons"]) ? decision["reasons"] : [];
	return {
		id,
		session,
		time,
		principal: `${text(principal["provider"])}/${text(principal["subject"])}`,
		connection: text(connection["name"]),
		text: command.text,
		recorded: {
			action: text(decision["action"]),
			revision: text(decision["revision"]),
			reasons: reasons.map((reason: Record<string, unknown>) => ({
				rule: text(reason["rule"]),
				message: text(reason["message"]),
				remedy: typeof reason["remedy"] === "string" ? reason["remedy"] : null,
			})),
		},
		missing: typeof input === "string" ? input : null,
		now: evaluated === null ? null : { evaluated, explanation: policyEval.explain(evaluated) },
	};
}

function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): Record<string, string> {
	const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
	return Object.fromEntries(entries.map(([key, each]) => [key, text(each)]));
}

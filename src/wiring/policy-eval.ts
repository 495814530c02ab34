import { timeContext } from "../commands/index.ts";
import type { ConnectionRegistry } from "../connections/index.ts";
import { ControlError, type EvalAnswer, type EvalRequest, type PolicyEval } from "../control/index.ts";
import { commandInput, TargetRefusal } from "../gate/index.ts";
import { type Clock, newId } from "../lib/index.ts";
import { completeInput, explain, PolicyError, type PolicyRuntime, SOMEBODY } from "../policy/index.ts";
import type { Analyses } from "../protocols/index.ts";

/** Reads and decides as a session that has just begun would, without running it. */
export function policyEval(
	policy: PolicyRuntime,
	registry: ConnectionRegistry,
	listener: Analyses | null,
	clock: Clock,
): PolicyEval {
	const active = () => {
		if (policy.active === undefined) throw new PolicyError("no_policy");
		return policy.active;
	};
	const analysed = async (request: EvalRequest, connectionName: string, sql: string): Promise<string> => {
		const { connection } = registry.resolve(connectionName);
		if (listener === null) throw new Error("there is no listener");
		const command = await listener.analyse(sql, connection).catch(refusedByTarget);
		const now = clock.now();
		const principal = request.principal ?? { ...SOMEBODY, groups: [] };
		return commandInput(
			{
				principal,
				connection: { name: connection.name, type: connection.type, labels: { ...connection.labels } },
				session: {
					id: newId(now),
					started_at: new Date(now).toISOString(),
					client_address: "",
					client_application: "policy eval",
					reason: request.reason ?? "",
					startup: { user: principal.subject, settings: {}, options: "" },
				},
			},
			timeContext(now),
			command,
		);
	};
	return {
		evaluate: async (request): Promise<EvalAnswer> => {
			const { connection, sql, input: given } = request;
			let input: string;
			let name = connection;
			if (given !== undefined && sql === undefined) {
				const complete = completeInput(given, request.principal ?? SOMEBODY, clock.now());
				name = nameIn(complete["connection"]);
				input = JSON.stringify(complete);
			} else if (connection !== undefined && sql !== undefined && given === undefined) {
				input = await analysed(request, connection, sql);
			} else throw new ControlError("request_invalid", "Give either connection and sql, or input.");
			const budget = name === undefined ? null : (registry.get(name)?.decisionBudget ?? null);
			const { decision, revision, cost, micros } = active().decideCommand(input, budget ?? undefined);
			return { input: JSON.parse(input), decision, revision, cost, micros };
		},
		explain: (answer) => {
			const engine = active();
			return explain(answer, engine.ready.rules, engine);
		},
	};
}

function nameIn(connection: unknown): string | undefined {
	if (typeof connection !== "object" || connection === null || !("name" in connection)) return undefined;
	return typeof connection.name === "string" ? connection.name : undefined;
}

/** What the target itself would answer to the text (a syntax error) is the caller's mistake. */
function refusedByTarget(thrown: unknown): never {
	if (!(thrown instanceof TargetRefusal)) throw thrown;
	const { message, position } = thrown.target;
	const place = position === null ? "" : ` (at character ${position})`;
	throw new ControlError("request_invalid", `${message}${place}`, {
		remedy: "Correct the text: the target would refuse it before the policy is asked.",
		cause: thrown,
	});
}

import type { Narrator } from "../output/narrator.ts";
import { ControlClient } from "../stage/control.ts";
import type { Stage } from "../stage/stage.ts";
import { type Answer, DemoConnection } from "./connection.ts";
import { lastDecision } from "./decision.ts";

/** What the steps play with: the stage, the voice that tells, and the two identities. */
export interface Scene {
	readonly stage: Stage;
	readonly narrator: Narrator;
	/** The agent's connection through the gateway; the same one from the first step to the last. */
	readonly agent: DemoConnection;
	/** The control plane, as the agent and as the approver. */
	readonly agentControl: ControlClient;
	readonly approverControl: ControlClient;
}

export async function openScene(stage: Stage, narrator: Narrator): Promise<Scene> {
	const { gateway } = stage;
	return {
		stage,
		narrator,
		agent: await DemoConnection.open(gateway.port, gateway.agent, gateway.recordDirectory),
		agentControl: new ControlClient(gateway.controlUrl, gateway.agent.token),
		approverControl: new ControlClient(gateway.controlUrl, gateway.approver.token),
	};
}

/** Sends a statement as the agent and tells what was sent, what the policy decided, and what came back. */
export async function play(scene: Scene, sql: string): Promise<Answer> {
	scene.narrator.sent("agent", sql);
	const answer = await scene.agent.send(sql);
	await tellAnswer(scene, sql, answer);
	return answer;
}

/** The second half of `play`, for a statement that was sent before. */
export async function tellAnswer(
	{ stage, narrator, agent }: Scene,
	sql: string,
	answer: Answer,
): Promise<void> {
	narrator.decided(await lastDecision(stage.gateway.recordDirectory, agent.session, sql));
	if (answer.ok) narrator.returned(answer.result);
	else narrator.refused(answer.error);
}

/** Whether a statement was refused by this rule, in PostgreSQL's own form for what one may not do. */
export function deniedBy(answer: Answer, rule: string): boolean {
	if (answer.ok) return false;
	const { code, message, detail } = answer.error;
	return code === "42501" && message.startsWith("denied by policy: ") && detail.startsWith(`rule ${rule},`);
}

/** One number that the database itself answers, past the gateway. */
export async function truth({ stage }: Scene, sql: string): Promise<number> {
	const [row] = await stage.database.direct(sql);
	return Number(Object.values(row ?? {})[0]);
}

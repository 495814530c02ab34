import type { ApprovalView } from "../../approvals/index.ts";
import { ControlRefusal } from "../stage/control.ts";
import { lastDecision } from "./decision.ts";
import { play, type Scene, tellAnswer, truth } from "./scene.ts";

const UPDATE = "UPDATE orders SET status = 'cancelled' WHERE status = 'open' AND placed < '2025-07-01'";
const AFFECTED = "SELECT count(*) FROM orders WHERE status = 'open' AND placed < '2025-07-01'";

/** A bulk update waits for a person, who sees exactly what will run; it runs once. */
export async function approval(scene: Scene): Promise<void> {
	const { narrator, stage, agent, agentControl, approverControl } = scene;
	const affected = await truth(scene, AFFECTED);
	const cancelled = await truth(scene, "SELECT count(*) FROM orders WHERE status = 'cancelled'");

	narrator.sent("agent", UPDATE);
	const running = agent.send(UPDATE);
	const notice = await agent.notice("waiting for approval");
	narrator.decided(await lastDecision(stage.gateway.recordDirectory, agent.session, UPDATE));
	narrator.fact("notice", notice);

	const { approvals } = await approverControl.json<{ approvals: ApprovalView[] }>("GET", "api/v1/approvals");
	const request = approvals.find(({ url }) => notice.includes(url));
	if (request === undefined) throw new Error("the approver does not see the request");
	tellRequest(scene, request);
	narrator.check(
		request.display.text === UPDATE && (await truth(scene, AFFECTED)) === affected,
		"the approver sees the statement as it will run, and nothing has run yet",
	);

	const path = `api/v1/approvals/${request.id}/approve`;
	narrator.sent("agent", `POST /${path}`);
	const own = await agentControl.json("POST", path, {}).catch((error: unknown) => error);
	if (own instanceof ControlRefusal) narrator.fact("back", `${own.status} ${own.code}: ${own.message}`);
	narrator.check(own instanceof ControlRefusal && own.status === 403, "nobody approves their own request");

	narrator.sent(stage.gateway.approver.name, `POST /${path}`);
	await approverControl.json("POST", path, { reason: "stale orders, agreed with support" });
	const answer = await running;
	await tellAnswer(scene, UPDATE, answer);
	const now = await truth(scene, "SELECT count(*) FROM orders WHERE status = 'cancelled'");
	const runs = stage.database.log().split(UPDATE).length - 1;
	narrator.check(
		affected > 1 && answer.ok && answer.result.tag === `UPDATE ${affected}` && now === cancelled + affected,
		`approved, it changed ${affected} orders`,
	);
	narrator.check(runs === 1, "the database ran it once");

	const spent = await approverControl.json<ApprovalView>("GET", `api/v1/approvals/${request.id}`);
	await agent.send("SET sallyport.approval = nowait");
	const again = await play(scene, UPDATE);
	await agent.send("SET sallyport.approval = wait");
	narrator.check(
		spent.spent && !again.ok && again.error.message.startsWith("approval_required"),
		"the approval is spent: the same statement has to be approved again",
	);
}

function tellRequest(
	{ narrator, stage }: Scene,
	{ display, principal, requirement, shown }: ApprovalView,
): void {
	narrator.sent(stage.gateway.approver.name, "GET /api/v1/approvals");
	narrator.fact("sees", display.text);
	narrator.fact("by", `${principal.subject} (${principal.kind}), as ${display.role}`);
	narrator.fact("touches", `${display.relations.join(", ")}; effects: ${shown.effects.join(", ")}`);
	narrator.fact("rule", `${requirement.rule}: ${requirement.min} of ${requirement.approvers.join(", ")}`);
}

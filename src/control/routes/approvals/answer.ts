import { ApprovalView } from "../../../approvals/index.ts";
import { Closed, Type } from "../../../lib/index.ts";
import type { Control } from "../../app.ts";
import { guardedFailures, IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { namedApproval } from "./resource.ts";

const Body = Closed({ reason: Type.Optional(Type.String({ maxLength: 2_000 })) });

/**
 * Approve or deny. Both the policy (this route's access) and the request's own requirement (the approvals room)
 * have to let the caller answer.
 */
export function answerApprovals(app: App, { guard, ports }: Control): void {
	for (const verdict of ["approve", "deny"] as const) {
		app.post(
			`/api/v1/approvals/:id/${verdict}`,
			{
				config: {
					access: {
						action: `approvals:${verdict}`,
						resource: (request) => namedApproval(request, ports),
						recorded: true,
					},
				},
				schema: {
					summary: verdict === "approve" ? "Approve a request" : "Deny a request",
					params: IdParameters,
					body: Body,
					response: { 200: ApprovalView, ...guardedFailures },
				},
			},
			async (request) => {
				const { identity } = guard.caller(request);
				return ports.approvals.answer(request.params.id, identity, verdict, request.body.reason);
			},
		);
	}
}

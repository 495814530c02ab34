import { ApprovalView } from "../../../approvals/index.ts";
import { Closed, StringEnum, Type } from "../../../lib/index.ts";
import { ownResource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { approvalResource } from "./resource.ts";

const Query = Closed({
	state: Type.Optional(
		Type.Unsafe<"pending" | "all">({
			...StringEnum(["pending", "all"]),
			description: "`pending`, or `all`: the settled ones too.",
		}),
	),
});

/** The requests that the caller may read. */
export function listApprovals(app: App, { guard, ports }: Control): void {
	app.get(
		"/api/v1/approvals",
		{
			config: {
				access: {
					action: "approvals:list",
					resource: (_request, caller) => ownResource("approval", caller),
					recorded: false,
				},
			},
			schema: {
				summary: "Requests for approval",
				querystring: Query,
				response: { 200: Closed({ approvals: Type.Array(ApprovalView) }), ...guardedFailures },
			},
		},
		async (request) => ({
			approvals: ports.approvals
				.list(request.query.state === "all" ? undefined : "pending")
				.filter((approval) => guard.allows(request, "approvals:read", approvalResource(approval, ports))),
		}),
	);
}

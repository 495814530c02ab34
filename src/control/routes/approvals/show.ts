import { ApprovalView } from "../../../approvals/index.ts";
import type { Control } from "../../app.ts";
import { guardedFailures, IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { namedApproval } from "./resource.ts";

export function showApproval(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/approvals/:id",
		{
			config: {
				access: {
					action: "approvals:read",
					resource: (request) => namedApproval(request, ports),
					recorded: false,
				},
			},
			schema: {
				summary: "A request for approval, with exactly what will run",
				params: IdParameters,
				response: { 200: ApprovalView, ...guardedFailures },
			},
		},
		async (request) => ports.approvals.get(request.params.id),
	);
}

import { Closed } from "../../../lib/index.ts";
import { ownerOf, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { StatusReport } from "../../bundles/fleet.ts";
import { guardedFailures } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Nothing = Closed({});

/** OPA's status API: gateways and OPAs tell which revisions they run. A partition's name is not looked at. */
export function reportStatus(app: App, { guard, ports }: Control): void {
	for (const url of ["/status", "/status/", "/status/:partition"]) {
		app.post(
			url,
			{
				config: {
					access: { action: "status:report", resource: () => resource("status"), recorded: false },
				},
				schema: {
					summary: "Report which bundles are in force",
					body: StatusReport,
					response: { 200: Nothing, ...guardedFailures },
				},
			},
			async (request) => {
				ports.fleet.report(ownerOf(guard.caller(request).identity.principal), request.body);
				return {};
			},
		);
	}
}

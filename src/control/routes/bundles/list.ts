import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { BundleOverview } from "../../schemas/bundles.ts";
import { guardedFailures } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { bundleStatusView, instant } from "../../views.ts";

/** The bundles that this gateway runs on, how fetching them goes, and those that it serves itself. */
export function listBundles(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/bundles",
		{
			config: { access: { action: "bundle:read", resource: () => resource("bundle"), recorded: false } },
			schema: { summary: "Bundles", response: { 200: BundleOverview, ...guardedFailures } },
		},
		async () => {
			const { active } = ports.policy;
			const discovery = ports.reporting.discovery();
			const bundles = ports.policy.status().map(bundleStatusView);
			return {
				active:
					active === undefined
						? null
						: { revision: active.revision, activated_at: instant(active.activatedAt) },
				bundles,
				discovery: discovery === undefined ? null : bundleStatusView(discovery),
				mask_faults: ports.maskFaults.list().map(({ connection, error, at }) => ({
					connection,
					code: error.code,
					message: error.message,
					remedy: error.remedy,
					denied_at: instant(at),
				})),
				published: await ports.bundles.list(),
				gateways: ports.fleet.list(),
			};
		},
	);
}

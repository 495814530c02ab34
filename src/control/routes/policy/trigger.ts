import { Closed, type Static, StringEnum, Type } from "../../../lib/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { BundleStatusView } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";
import { bundleStatusView } from "../../views.ts";

const PLUGINS = ["bundle", "discovery", "status", "decision_logs"] as const;

const TriggerRequest = Closed({
	plugin: Type.Unsafe<(typeof PLUGINS)[number]>({
		...StringEnum(PLUGINS),
		default: "bundle",
		description: "`bundle` and `discovery` fetch; the others send what they have.",
	}),
	bundle: Type.Optional(
		Type.String({ minLength: 1, maxLength: 128, description: "The one bundle to fetch; all if absent." }),
	),
});
const Triggered = Closed({ bundles: Type.Array(BundleStatusView) });
type Triggered = Static<typeof Triggered>;

/** Fetches bundles now, or sends status and decision logs: what OPA does for a plugin whose trigger is manual. */
export function triggerPolicy(app: App, { ports }: Control): void {
	app.post(
		"/api/v1/policy/trigger",
		{
			config: {
				access: {
					action: "policy:trigger",
					resource: (request) => resource("policy", (request.body as { plugin: string }).plugin),
					inBody: true,
					recorded: true,
				},
			},
			schema: {
				summary: "Fetch bundles or send reports now",
				body: TriggerRequest,
				response: { 200: Triggered, ...guardedFailures },
			},
		},
		async (request): Promise<Triggered> => {
			const { plugin, bundle } = request.body;
			const known =
				plugin === "bundle" ? await ports.policy.trigger(bundle) : await ports.reporting.trigger(plugin);
			if (!known) throw new ControlError("not_found", `${bundle ?? plugin} is not configured.`);
			return { bundles: ports.policy.status().map(bundleStatusView) };
		},
	);
}

import { later, type Static, Type } from "../../lib/index.ts";
import { Trigger } from "../fetching.ts";

/** Where the state of bundles and plugins is reported to. The names and the report's format are OPA's. */
export const Status = Type.Object(
	{
		service: Type.Optional(
			Type.String({
				description:
					"The name in `services`, else the first of them unless `console` or `prometheus` is on; reports are posted to `/status`.",
			}),
		),
		partition_name: Type.Optional(
			Type.String({ pattern: "^[^/?#\\s]*$", description: "Reports go to `/status/NAME`." }),
		),
		console: Type.Boolean({ default: false, description: "Whether reports go to the log as well." }),
		prometheus: Type.Boolean({
			default: false,
			description: "Whether `/metrics` has OPA's own metrics of bundles and plugins as well.",
		}),
		trigger: Trigger,
	},
	{ additionalProperties: false, ...later("plugin", "prometheus_config") },
);
export type StatusConfig = Static<typeof Status>;

import { Closed, type Static, Type } from "../../lib/index.ts";
import { Polling, Signing, Trigger } from "../fetching.ts";

/** A bundle whose content is configuration: where policy comes from and where reports go. The names are OPA's. */
export const Discovery = Closed({
	service: Type.Optional(Type.String({ description: "The name in `services`; needed unless there is one." })),
	resource: Type.String({ minLength: 1, description: "The path of the discovery bundle on the service." }),
	decision: Type.String({
		default: "",
		description:
			"Where in the bundle the configuration stands: a path in its data, or an entrypoint of its module. Default: all of its data.",
	}),
	polling: Polling,
	trigger: Trigger,
	signing: Type.Optional(Signing),
	persist: Type.Boolean({
		default: false,
		description: "Whether it is kept on disk and used when the service can't be reached at start.",
	}),
});
export type DiscoveryConfig = Static<typeof Discovery>;

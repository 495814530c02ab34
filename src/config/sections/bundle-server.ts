import { Closed, Duration, type Static, Type } from "../../lib/index.ts";

const properties = Closed({
	keep: Type.Integer({
		minimum: 1,
		maximum: 10_000,
		default: 50,
		description: "Revisions of a bundle that are kept; one that a channel has is kept beside them.",
	}),
	size_limit_bytes: Type.Integer({
		minimum: 1_024,
		maximum: 1_073_741_824,
		default: 67_108_864,
		description: "The largest bundle that may be pushed, packed.",
	}),
	max_wait: Duration("The longest that a request waits for a new revision (`Prefer: wait=N`).", "10m"),
	max_waiting: Type.Integer({
		minimum: 0,
		maximum: 100_000,
		default: 2_000,
		description: "Requests that may wait for a new revision at the same time.",
	}),
});

/** What this process serves to gateways on its control listener: bundles that were pushed to it. */
export const BundleServerConfig = Type.Unsafe<Static<typeof properties>>({ ...properties, default: {} });

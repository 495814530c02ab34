import { ControlError } from "../errors.ts";
import type { PublishedBundle } from "../schemas/bundles.ts";
import type { Channel } from "./channels.ts";

/**
 * What a channel goes back to when nobody says: `stable` to the revision published before its own, `canary` to what
 * is stable. `revisions` are the newest first. Throws `not_found`.
 */
export function earlierThan(
	channel: Channel,
	revisions: readonly PublishedBundle[],
	name: string,
): PublishedBundle {
	const at = revisions.findIndex(({ channels }) => channels.includes("stable"));
	const earlier = channel === "canary" ? revisions[at] : at === -1 ? undefined : revisions[at + 1];
	if (earlier === undefined) throw new ControlError("not_found", `${name} has no earlier revision.`);
	return earlier;
}

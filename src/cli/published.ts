import type { PublishedBundle } from "./answers.ts";

/** One line on a revision that was published or promoted. */
export function inForceWhere({ name, revision, sequence, channels, canaries }: PublishedBundle): string {
	const where =
		channels.length === 0
			? "kept, in force nowhere"
			: `in force on ${channels.join(" and ")}${canaries === null ? "" : ` (${whichCanaries(canaries)})`}`;
	return `${name}: revision ${revision}, sequence ${sequence ?? "-"}, ${where}`;
}

export function whichCanaries({ labels, share }: NonNullable<PublishedBundle["canaries"]>): string {
	const those = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
	return [...(those.length === 0 ? [] : [those.join(" ")]), `${share} % of all`].join(", ");
}

import { createHash } from "node:crypto";
import type { Canaries, ShelfEntry, ShelfIndex } from "./index-file.ts";

export const CHANNELS = ["stable", "canary"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Who asks for a bundle. */
export interface Asker {
	/** What stays the same of a gateway from one request to the next. */
	readonly id: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Asked for by name; null: as the labels and the share have it. */
	readonly channel: Channel | null;
}

/**
 * The revision that somebody gets. Of the canary's and the stable one it is the one with the higher sequence, for a
 * gateway takes no lower one than it has: a canary that was left behind gets what is stable.
 */
export function selected(index: ShelfIndex, name: string, asker: Asker): ShelfEntry | undefined {
	const stable = entryOf(index, index.stable?.etag);
	if (index.canary === null || asker.channel === "stable") return stable;
	if (asker.channel === null && !isCanary(index.canary.canaries, name, asker)) return stable;
	const canary = entryOf(index, index.canary.etag);
	return sequenceOf(canary) > sequenceOf(stable) ? canary : stable;
}

export function entryOf(index: ShelfIndex, etag: string | undefined): ShelfEntry | undefined {
	return index.revisions.findLast((entry) => entry.etag === etag);
}

const sequenceOf = (entry: ShelfEntry | undefined): number => entry?.sequence ?? -1;

/** Whether it is one: by its labels, or by its share. A larger share has all those that a smaller one has. */
export function isCanary({ labels, share }: Canaries, name: string, { id, labels: own }: Asker): boolean {
	if (labels !== null && Object.entries(labels).every(([key, value]) => own[key] === value)) return true;
	const digest = createHash("sha256").update(`${name}\0${id}`).digest();
	return digest.readUInt32BE(0) / 2 ** 32 < share / 100;
}

import { readFile } from "node:fs/promises";
import { Value } from "typebox/value";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { ControlError } from "../errors.ts";

const Digest = Type.String({ pattern: "^[0-9a-f]{64}$" });

const Entry = Closed({
	revision: Type.String(),
	sequence: Nullable(Type.Integer()),
	signed: Type.Boolean(),
	/** SHA-256 of the archive. */
	etag: Digest,
	/** Of the variant without the compiled module, for OPA itself; null when the archive holds no sources. */
	rego_etag: Nullable(Digest),
	bytes: Type.Integer(),
	pushed_at: Type.String(),
	pushed_by: Type.String(),
	commit: Nullable(Type.String()),
});
export type ShelfEntry = Static<typeof Entry>;

const Pointer = { etag: Digest, since: Type.String(), by: Type.String() };

/** Which gateways are canaries: those with all of the labels, and a share of all, in percent. */
export const Canaries = Closed({
	labels: Nullable(Type.Record(Type.String(), Type.String(), { minProperties: 1, maxProperties: 16 })),
	share: Type.Number({ minimum: 0, maximum: 100 }),
});
export type Canaries = Static<typeof Canaries>;

const Index = Closed({
	/** In the order of publication. */
	revisions: Type.Array(Entry),
	stable: Nullable(Closed(Pointer)),
	canary: Nullable(Closed({ ...Pointer, canaries: Canaries })),
});
export type ShelfIndex = Static<typeof Index>;

export const EMPTY: ShelfIndex = { revisions: [], stable: null, canary: null };

/** What is known of a bundle's revisions and channels; empty when nothing was published. */
export async function readIndex(path: string): Promise<ShelfIndex> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return EMPTY;
		throw new ControlError("control_unavailable", "The published bundles can't be read.", { cause: error });
	}
	try {
		return Value.Parse(Index, JSON.parse(text));
	} catch (error) {
		throw new ControlError("control_unavailable", `${path} is damaged.`, {
			remedy: "Restore the file, or move the bundle's directory away and push it again.",
			cause: error,
		});
	}
}

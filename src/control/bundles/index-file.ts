import { readFile } from "node:fs/promises";
import { Value } from "typebox/value";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { ControlError } from "../errors.ts";

const Entry = Closed({
	revision: Type.String(),
	sequence: Nullable(Type.Integer()),
	signed: Type.Boolean(),
	etag: Type.String({ pattern: "^[0-9a-f]{64}$" }),
	bytes: Type.Integer(),
	pushed_at: Type.String(),
	pushed_by: Type.String(),
});
export type ShelfEntry = Static<typeof Entry>;

const Index = Type.Array(Entry);

/** The list of a bundle's revisions, in the order of publication; empty when nothing was published. */
export async function readIndex(path: string): Promise<ShelfEntry[]> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
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

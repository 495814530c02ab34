import { Closed, Nullable, StringEnum, Type } from "../../lib/index.ts";

const Change = StringEnum(["added", "removed", "changed"]);
const Side = Closed({ revision: Type.String(), sequence: Nullable(Type.Integer()) });

export const BundleDiff = Closed({
	from: Side,
	to: Side,
	same: Type.Boolean({ description: "Whether they say the same, whatever their sequences and signatures." }),
	files: Type.Array(
		Closed({
			path: Type.String(),
			change: Change,
			lines: Nullable(
				Type.String({
					description: "Of a source: the changed lines, after + and -, among those around them.",
				}),
			),
		}),
	),
	data: Type.Array(
		Closed({
			path: Type.String({ description: "A JSON pointer." }),
			change: Change,
			before: Nullable(Type.String({ description: "As JSON, shortened." })),
			after: Nullable(Type.String()),
		}),
	),
	/** More values differ than are listed. */
	truncated: Type.Boolean(),
});

import { Closed, type Static, StringEnum, Type } from "../../lib/index.ts";

const properties = Closed({
	url: Type.String({
		pattern: "^file:",
		default: "file:",
		description:
			"Where the record is kept: `file:` is `recordings` in the data directory, `file:PATH` another directory.",
	}),
	durability: Type.Unsafe<"write" | "fsync">({
		...StringEnum(["write", "fsync"]),
		default: "write",
		description:
			"What an event must have reached before its command goes on. `write`: the operating system (survives the " +
			"process). `fsync`: the disk (survives the machine).",
	}),
});

/** The record. */
export const RecordingsConfig = Type.Unsafe<Static<typeof properties>>({ ...properties, default: {} });
export type RecordingsConfig = Static<typeof RecordingsConfig>;

import { join, resolve } from "node:path";
import { Closed, Duration, later, type Static, StringEnum, Type } from "../lib/index.ts";

const Bytes = (description: string, standard: number) =>
	Type.Integer({ minimum: 4_096, maximum: 1_073_741_824, default: standard, description });

const properties = Closed({
	url: Type.String({
		pattern: "^file:",
		...later("s3:"),
		default: "file:",
		description:
			"Where the record is kept: `file:` is `record` in the data directory, `file:PATH` another directory.",
	}),
	durability: Type.Unsafe<"write" | "fsync">({
		...StringEnum(["write", "fsync"]),
		default: "write",
		description:
			"What an event must have reached before its command goes on. `write`: the operating system (survives the " +
			"process). `fsync`: the disk (survives the machine).",
	}),
	checkpoint_interval: Duration("At most this long after an event a signed checkpoint covers it.", "5s"),
	max_file_bytes: Bytes("At this size a file is closed and the next one begun.", 67_108_864),
	max_command_bytes: Bytes("Of a command's text, and again of its parameters, this much is kept.", 1_048_576),
	max_row_bytes: Bytes("Of a command's rows this much is kept.", 1_048_576),
});

/** `recordings` in `sallyport.yaml`, as loaded: defaults filled in, times in milliseconds. */
export const RecordingsConfig = Type.Unsafe<Static<typeof properties>>({ ...properties, default: {} });
export type RecordingsConfig = Static<typeof RecordingsConfig>;

/** What `recordings` says when the file says nothing of it. */
export const DEFAULT_RECORDINGS: RecordingsConfig = {
	url: "file:",
	durability: "write",
	checkpoint_interval: 5_000,
	max_file_bytes: 67_108_864,
	max_command_bytes: 1_048_576,
	max_row_bytes: 1_048_576,
};

/** The directory of the record: what `url` names, else `record` in the data directory. */
export function recordDirectory(config: Pick<RecordingsConfig, "url">, dataDir: string): string {
	const path = config.url.slice("file:".length);
	return path === "" ? join(dataDir, "record") : resolve(path);
}

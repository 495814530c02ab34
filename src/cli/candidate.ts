import { stat } from "node:fs/promises";
import { buildBundle } from "../policy/build/index.ts";
import { CliError } from "./errors.ts";
import { readBytes } from "./files.ts";
import type { Terminal } from "./terminal.ts";

/** The archive of a candidate: a bundle's as it is, a policy directory's (one that holds no bundle) built first. */
export async function candidateArchive(path: string, terminal: Terminal): Promise<Buffer<ArrayBuffer>> {
	const found = await stat(path).catch(() => undefined);
	if (found === undefined) throw new CliError("file_unreadable", `${path} can't be read: ENOENT.`);
	if (!found.isDirectory()) return readBytes(path);
	const { archive } = await terminal.during("building the candidate", buildBundle({ dirs: [path] }));
	return Buffer.from(archive);
}

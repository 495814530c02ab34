import { cp, mkdir } from "node:fs/promises";
import { libraryDirectory } from "./package-root.ts";

/** Writes the shipped library and packs to a directory, for `opa test DIRECTORY USER...` and for reading. */
export async function writeLibrary(directory: string): Promise<void> {
	await mkdir(directory, { recursive: true });
	await cp(libraryDirectory(), directory, { recursive: true });
}

import { readFile, writeFile } from "node:fs/promises";
import { CliError } from "./errors.ts";

/** Throws `file_unreadable`. */
export async function readBytes(path: string): Promise<Buffer<ArrayBuffer>> {
	try {
		return await readFile(path);
	} catch (cause) {
		throw new CliError("file_unreadable", `${path} can't be read: ${reason(cause)}.`, { cause });
	}
}

export async function readText(path: string): Promise<string> {
	return (await readBytes(path)).toString("utf8");
}

/** Throws `file_unreadable` and `file_invalid`. */
export async function readJson(path: string): Promise<unknown> {
	const text = await readText(path);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new CliError("file_invalid", `${path} is not JSON: ${(cause as Error).message}.`, { cause });
	}
}

/** Throws `file_unwritable`. */
export async function writeBytes(path: string, content: Uint8Array): Promise<void> {
	try {
		await writeFile(path, content);
	} catch (cause) {
		throw new CliError("file_unwritable", `${path} can't be written: ${reason(cause)}.`, { cause });
	}
}

function reason(cause: unknown): string {
	return (cause as NodeJS.ErrnoException).code ?? String(cause);
}

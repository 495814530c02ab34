import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ProblemList, readDocument, type Written } from "./document.ts";
import { ConfigError } from "./errors.ts";
import type { Schema } from "./json-schema.ts";
import { finishPolicy, isPublicKey } from "./policy-finish.ts";
import { allLoopback, checkRules } from "./rules.ts";
import { type Config, ConfigSchema } from "./schema.ts";
import { Walker } from "./walk.ts";

/** Larger than any honest configuration; keeps a wrong path (a disk image) from being read into memory. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads `sallyport.yaml`: every key known, defaults filled in, secrets fetched, paths absolute (relative ones are
 * relative to the file), durations in milliseconds.
 *
 * Throws `ConfigError` with all mistakes found, each with file, line, column and remedy.
 */
export function loadConfig(
	path: string,
	env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
	const file = resolve(path);
	const text = readText(file);
	const problems = new ProblemList(file);
	const written = readDocument(text, problems);
	if (written === undefined) throw new ConfigError("config_invalid", problems.problems);

	const literals: { offset: number; path: string }[] = [];
	const walker = new Walker(problems, {
		file,
		env,
		literalSecret: (offset, secretPath) => literals.push({ offset, path: secretPath }),
	});
	const loaded = walker.walk(ConfigSchema as unknown as Schema, emptyAsMap(written), "");
	if (problems.problems.length > 0) throw new ConfigError("config_invalid", inOrder(problems));

	const config = finish(loaded as Config, written, file);
	for (const { path: keys, message, remedy } of checkRules(config)) {
		problems.add(offsetAt(written, keys), keys.join("."), message, remedy);
	}
	if (!allLoopback(config)) {
		for (const literal of literals.filter(({ path: at }) => !isPublicKey(config.keys, at))) {
			problems.add(
				literal.offset,
				literal.path,
				`\`${literal.path}\` is a secret written in the file, and a listener is not on loopback.`,
				"Write { env: NAME } or { file: PATH }.",
			);
		}
	}
	if (problems.problems.length > 0) throw new ConfigError("config_invalid", inOrder(problems));
	return config;
}

function readText(file: string): string {
	const refuse = (
		message: string,
		cause?: unknown,
		remedy = "Check the path given with -c and its permissions.",
	) =>
		new ConfigError(
			"config_unreadable",
			[
				{
					file,
					line: 1,
					column: 1,
					path: "",
					message,
					remedy,
				},
			],
			{ cause },
		);
	let bytes: Buffer;
	try {
		const { size } = statSync(file);
		if (size > MAX_FILE_BYTES) throw refuse(`The file is larger than ${MAX_FILE_BYTES} bytes.`);
		bytes = readFileSync(file);
	} catch (error) {
		if (error instanceof ConfigError) throw error;
		const { code } = error as NodeJS.ErrnoException;
		throw refuse(code === "ENOENT" ? "There is no such file." : `The file can't be read: ${code}.`, error);
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw refuse("The file is not UTF-8 text.", error, "Save it as UTF-8.");
	}
}

/** What depends on other values: places under the data directory, absolute bundle files. */
function finish(loaded: Config, written: Written, file: string): Config {
	const directory = dirname(file);
	finishPolicy(loaded, directory);
	const { control, postgres } = loaded.listeners;
	const serves = loaded.connections.length > 0 || isWritten(written, ["listeners", "postgres"]);
	return {
		...loaded,
		listeners: { control, postgres: serves ? postgres : null },
		file,
		store: { url: absoluteUrl(loaded.store.url, "sqlite:", directory) },
		recordings: { ...loaded.recordings, url: absoluteUrl(loaded.recordings.url, "file:", directory) },
		persistence_directory: loaded.persistence_directory ?? join(loaded.data_dir, "bundles"),
	};
}

/** `SCHEME:` alone is the room's usual place; with a path it is that path, relative to the file. Answered absolute. */
function absoluteUrl(url: string, scheme: string, directory: string): string {
	const path = url.slice(scheme.length).replace(/^\/\/(?=\/)/, "");
	return path === "" || path === ":memory:" ? url : scheme + resolve(directory, path);
}

/** An empty file asks for all defaults. */
function emptyAsMap(written: Written): Written {
	if (written.kind !== "scalar" || written.value !== null) return written;
	return { kind: "map", entries: [], offset: 0 };
}

/** Whether the file has something at these keys. */
function isWritten(written: Written, keys: readonly string[]): boolean {
	let here: Written | undefined = written;
	for (const key of keys)
		here = here?.kind === "map" ? here.entries.find((entry) => entry.key === key)?.value : undefined;
	return here !== undefined;
}

/** Where the keys lead, or as far along them as the file goes. */
function offsetAt(written: Written, keys: readonly (string | number)[]): number {
	let here = written;
	for (const key of keys) {
		const next: Written | undefined =
			here.kind === "list"
				? here.items[Number(key)]
				: here.kind === "map"
					? here.entries.find((entry) => entry.key === key)?.value
					: undefined;
		if (next === undefined) break;
		here = next;
	}
	return here.offset;
}

function inOrder(problems: ProblemList) {
	return problems.problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

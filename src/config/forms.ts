import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDuration, Secret } from "../lib/index.ts";
import type { Written } from "./document.ts";

/** What the conversions need to know of the place that the file stands in. */
export interface Surroundings {
	/** Absolute path of the configuration file. */
	readonly file: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Told of each secret that is written out in the file. */
	literalSecret(offset: number, path: string): void;
}

/** Tells of one mistake at the value that is being converted, or at a part of it. */
export type Complain = (message: string, remedy: string, offset?: number) => void;

export type Form = (
	written: Written,
	path: string,
	surroundings: Surroundings,
	complain: Complain,
) => unknown;

/** The step from what is written to what the rooms get, by the schema's `x-form`. */
export const FORMS: Readonly<Record<string, Form>> = {
	secret: readSecret,
	file: readFilePath,
	directory: readDirectoryPath,
	duration: readDuration,
	"duration-or-word": (written) => {
		const text = textOf(written);
		return text === undefined ? undefined : (parseDuration(text) ?? text);
	},
};

function readSecret(
	written: Written,
	path: string,
	surroundings: Surroundings,
	complain: Complain,
): Secret | null {
	if (written.kind === "scalar") {
		if (written.value === null) return null;
		surroundings.literalSecret(written.offset, path);
		return new Secret(String(written.value));
	}
	const entry = written.kind === "map" ? written.entries[0] : undefined;
	const name = entry === undefined ? undefined : textOf(entry.value);
	if (entry === undefined || name === undefined) return null;
	return entry.key === "env"
		? secretFromEnvironment(name, surroundings, complain)
		: secretFromFile(name, surroundings, complain);
}

function secretFromEnvironment(name: string, { env }: Surroundings, complain: Complain): Secret | null {
	const value = env[name];
	if (value !== undefined && value !== "") return new Secret(value);
	complain(
		`The environment variable ${name} is ${value === undefined ? "not set" : "empty"}.`,
		`Set ${name} in the gateway's environment.`,
	);
	return null;
}

function secretFromFile(name: string, { file }: Surroundings, complain: Complain): Secret | null {
	const path = resolve(dirname(file), name);
	let value: string;
	try {
		value = secretIn(path);
	} catch (error) {
		complain(
			`The secret's file ${path} can't be read: ${reason(error)}.`,
			"Check the path and its permissions.",
		);
		return null;
	}
	// Read again at each use, so that a secret that is rotated on disk is picked up without a signal.
	if (value !== "") return new Secret(() => secretIn(path));
	complain(`The secret's file ${path} is empty.`, "Put the secret into it.");
	return null;
}

function secretIn(path: string): string {
	return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

function readFilePath(written: Written, _path: string, { file }: Surroundings, complain: Complain): string {
	const path = resolve(dirname(file), textOf(written) ?? "");
	try {
		accessSync(path, constants.R_OK);
		if (!statSync(path).isFile()) complain(`${path} is not a file.`, "Name a file.");
	} catch (error) {
		complain(`${path} can't be read: ${reason(error)}.`, "Check the path and its permissions.");
	}
	return path;
}

function readDirectoryPath(
	written: Written,
	_path: string,
	{ file }: Surroundings,
	complain: Complain,
): string {
	const path = resolve(dirname(file), textOf(written) ?? "");
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
		complain(`${path} is not a directory.`, "Name a directory; it is made when it isn't there.");
	}
	return path;
}

function readDuration(written: Written): number | undefined {
	const text = textOf(written);
	return text === undefined ? undefined : parseDuration(text);
}

function textOf(written: Written): string | undefined {
	return written.kind === "scalar" && typeof written.value === "string" ? written.value : undefined;
}

function reason(error: unknown): string {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === "ENOENT") return "there is no such file";
	if (code === "EACCES") return "permission denied";
	return code ?? String(error);
}

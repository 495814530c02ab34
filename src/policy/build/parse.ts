import { BuildError, type Problem } from "./errors.ts";
import type { Opa } from "./opa.ts";
import type { SourceFile } from "./sources.ts";

export interface Location {
	readonly row: number;
}

export interface Term {
	readonly type: string;
	readonly value: unknown;
	readonly location?: Location;
}

export interface Annotation {
	readonly location: Location;
	readonly entrypoint?: boolean;
	readonly schemas?: unknown;
}

export interface Rule {
	readonly location: Location;
	readonly default?: boolean;
	readonly head: {
		readonly ref: readonly Term[];
		readonly key?: Term;
		readonly value?: Term;
		readonly args?: unknown;
	};
}

/** The part of `opa parse --format json --json-include locations` that is read here. */
export interface Module {
	readonly package: { readonly location: Location; readonly path: readonly Term[] };
	readonly annotations?: readonly Annotation[];
	readonly rules?: readonly Rule[];
}

interface ParseErrors {
	readonly errors: readonly { readonly message: string; readonly location?: Location }[];
}

/** Parses a file with OPA's own parser; what it can't read it says with the line. */
export async function parseRego(opa: Opa, file: SourceFile): Promise<Module | readonly Problem[]> {
	try {
		return await opa.json<Module>(["parse", "--format", "json", "--json-include", "locations", file.shown]);
	} catch (thrown) {
		const errors =
			thrown instanceof BuildError && thrown.code === "opa_failed" ? errorsIn(thrown.message) : undefined;
		if (errors === undefined) throw thrown;
		return errors.map(({ message, location }) => ({
			file: file.shown,
			line: location?.row ?? null,
			message,
		}));
	}
}

function errorsIn(printed: string): ParseErrors["errors"] | undefined {
	try {
		return (JSON.parse(printed) as ParseErrors).errors;
	} catch {
		return undefined; // not a complaint about the file
	}
}

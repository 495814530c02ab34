import { type ErrorTable, SallyportError } from "../lib/index.ts";

export const CONFIG_ERRORS = {
	config_unreadable: {
		cause: "The configuration file can't be read.",
		remedy: "Check the path given with -c and the file's permissions.",
	},
	config_invalid: {
		cause: "The configuration file has mistakes.",
		remedy: "Correct the lines named; `sallyport config check -c FILE` checks without starting anything.",
	},
} as const satisfies ErrorTable;

/** One mistake in the file. Line and column count from 1. */
export interface ConfigProblem {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	/** The keys that lead there, as `listeners.control.address`; empty for the file itself. */
	readonly path: string;
	readonly message: string;
	readonly remedy: string;
}

/** Why a configuration is not taken, with every mistake that could be found at once. */
export class ConfigError extends SallyportError<keyof typeof CONFIG_ERRORS> {
	readonly problems: readonly ConfigProblem[];

	constructor(
		code: keyof typeof CONFIG_ERRORS,
		problems: readonly ConfigProblem[],
		options: { cause?: unknown } = {},
	) {
		super(code, CONFIG_ERRORS, problems.map(problemLine).join("\n"), options);
		this.problems = problems;
	}
}

/** `FILE:LINE:COLUMN: message (remedy)`, as editors understand it. */
export function problemLine(problem: ConfigProblem): string {
	return `${problem.file}:${problem.line}:${problem.column}: ${problem.message} (${problem.remedy})`;
}

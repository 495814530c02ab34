import { type ErrorOptions, type ErrorTable, SallyportError } from "../../lib/index.ts";

/** What building, signing and checking a bundle raises. */
export const BUILD_ERRORS = {
	opa_missing: {
		cause: "the program `opa` was not found",
		remedy: "install opa 1.22.3 or a newer 1.x on PATH, or name it in SALLYPORT_OPA",
	},
	opa_failed: {
		cause: "`opa` ended with an error",
		remedy: "read its message; it is OPA's own",
	},
	policy_source: {
		cause: "the policy directory holds something that a bundle can't take",
		remedy: "keep rules in *.rego, tests in *_test.rego and data in data.json or data.yaml",
	},
	policy_rules: {
		cause: "the policy's rules break the library's terms",
		remedy: "add `contains` rules to the library's sets and helpers under names of your own",
	},
	policy_data: {
		cause: "the policy's data breaks the library's terms",
		remedy:
			"put what the packs take below sallyport.packs, as docs/policy-authoring.md has it, and all else below other roots",
	},
	policy_check: {
		cause: "the policy does not compile",
		remedy: "correct what `opa check --strict` reports",
	},
	policy_test: {
		cause: "the policy's own tests fail",
		remedy:
			"correct the rule or the test; `opa test` of the directories with `sallyport policy library` shows it",
	},
	sign_key: {
		cause: "the signing key can't be used",
		remedy: "give a PEM file with a private key (RSA, EC or Ed25519), and the algorithm that fits it",
	},
} as const satisfies ErrorTable;

export type BuildErrorCode = keyof typeof BUILD_ERRORS;

/** One thing that is wrong, and where. */
export interface Problem {
	/** The path as the user gave it, and the directory's own path beneath it. */
	readonly file: string;
	/** 1-based; null where the problem is with the file, or with data. */
	readonly line: number | null;
	readonly message: string;
}

export class BuildError extends SallyportError<BuildErrorCode> {
	/** All that was found, not only the first; empty where `message` says it all. */
	readonly problems: readonly Problem[];

	constructor(
		code: BuildErrorCode,
		message?: string,
		options?: ErrorOptions,
		problems: readonly Problem[] = [],
	) {
		super(code, BUILD_ERRORS, message, options);
		this.problems = problems;
	}

	/** An error that lists its problems, a line each, as `FILE:LINE: MESSAGE`. */
	static of(code: BuildErrorCode, problems: readonly Problem[]): BuildError {
		const lines = problems.map(
			({ file, line, message }) => `${line === null ? file : `${file}:${line}`}: ${message}`,
		);
		return new BuildError(code, [`${BUILD_ERRORS[code].cause}:`, ...lines].join("\n"), undefined, problems);
	}
}

import { execFile } from "node:child_process";

/** Where CI systems say what they build. */
const VARIABLES = ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT", "GIT_COMMIT"];

/** The commit at hand: CI's, else HEAD of this directory's repository (`-dirty` when something is uncommitted). */
export async function commitOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
	const variable = VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== "");
	if (variable !== undefined) return variable;
	return new Promise((resolve) => {
		const args = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
		execFile("git", args, { env, timeout: 5_000 }, (error, stdout) =>
			resolve(error === null ? stdout.trim() : undefined),
		);
	});
}

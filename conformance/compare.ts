import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./suite.ts";

/** A place where the two roads gave something else. */
export interface Difference {
	readonly test: string;
	/** The lines that differ: `-` direct, `+` through Sallyport. */
	readonly lines: readonly string[];
}

/** Every place where two runs differ; a test that only one of them has is one too. */
export async function compare(direct: Outcome, through: Outcome): Promise<Difference[]> {
	const differences: Difference[] = [];
	for (const test of new Set([...direct.results.keys(), ...through.results.keys()])) {
		const before = direct.results.get(test) ?? "(not run)";
		const after = through.results.get(test) ?? "(not run)";
		if (before === after) continue;
		for (const lines of await hunks(before, after)) differences.push({ test, lines });
	}
	return differences;
}

/** The changed stretches of two texts, each with all of its lines, as POSIX's `diff` finds them. */
async function hunks(before: string, after: string): Promise<string[][]> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-diff-"));
	try {
		const files = [join(directory, "direct"), join(directory, "through")] as const;
		writeFileSync(files[0], before, "latin1");
		writeFileSync(files[1], after, "latin1");
		const [, ...parts] = (await diff(...files)).split(/^@@ .*\n/m);
		return parts.map((part) => part.split("\n").filter((line) => /^[-+]/.test(line)));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** 1 is how `diff` says that the files differ. */
function diff(before: string, after: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const options = { encoding: "latin1", maxBuffer: 256 << 20 } as const;
		execFile("diff", ["-a", "-U0", before, after], options, (error, stdout) => {
			if (error !== null && error.code !== 1) reject(error);
			else resolve(stdout);
		});
	});
}

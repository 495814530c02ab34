import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** One file imports another; both as paths below `src/`. */
export interface Arrow {
	readonly from: string;
	readonly to: string;
}

/**
 * Every import between files of `src`, of types and dynamic ones too. The compiler tells them: it reads imports as
 * the language has them, and not as a regular expression would. An import whose path is computed is not among them.
 */
export function importGraph(): Arrow[] {
	const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
	const args = ["-p", ROOT, "--noEmit", "--noCheck", "--explainFiles", "--pretty", "false"];
	const told = execFileSync(process.execPath, [tsc, ...args], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 64 << 20,
	});
	const arrows: Arrow[] = [];
	let to: string | undefined;
	for (const line of told.split("\n")) {
		if (!line.startsWith(" ")) to = /^src\/(.+)$/.exec(line)?.[1];
		const from = /^ +Imported via .+ from file 'src\/([^']+)'/.exec(line)?.[1];
		if (to !== undefined && from !== undefined) arrows.push({ from, to });
	}
	return arrows;
}

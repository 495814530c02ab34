import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { RuleEntry } from "../bundle/manifest.ts";
import { Opa } from "./opa.ts";
import { inTemporaryDirectory, type Staged, stage } from "./stage.ts";

/** What one rule made of an input. */
export interface RuleTrial extends RuleEntry {
	readonly fired: boolean;
	/** Where it got no further, and the source there; null where it fired, or was never come to. */
	readonly lacked: { readonly file: string; readonly line: number; readonly text: string } | null;
}

/** The part of a trace (`opa eval --explain full --format json`) that is read here. */
interface TraceEvent {
	readonly Op: string;
	readonly Node: { readonly head?: unknown } | readonly unknown[] | null;
	readonly Location: { readonly file?: string; readonly row: number } | null;
	readonly QueryID: number;
}

const SETS = ["allow", "deny", "limit", "mask", "record", "require_approval"];

/**
 * Asks OPA itself which rules of the command package an input fires, and what each other one lacked: the last of its
 * conditions that was come to and didn't hold. `dirs` are the policy's sources, as they are built. Throws BuildError,
 * `opa_missing` where there is no `opa`; it is not installed for this.
 */
export async function whatRulesLacked(dirs: readonly string[], input: unknown): Promise<RuleTrial[]> {
	const opa = await Opa.find({ install: false });
	return inTemporaryDirectory(async (directory) => {
		const staged = await stage(opa, dirs, directory);
		const inputFile = join(directory, "input.json");
		await writeFile(inputFile, JSON.stringify(input));
		const query = SETS.map((set) => `data.sallyport.command.${set}`).join("; ");
		const { explanation = [] } = await opa.json<{ explanation?: TraceEvent[] }>(
			[
				...["eval", "--format", "json", "--explain", "full", "--disable-indexing", "--disable-early-exit"],
				...["--data", basename(staged.tree), "--input", inputFile, query],
			],
			directory,
		);
		const places = await sourcePlaces(staged, dirs);
		const source = sourceReader();
		const trials = readTrace(explanation, staged);
		return Promise.all(
			staged.rules
				.filter(({ set }) => set.startsWith("sallyport/command/"))
				.map(async (rule): Promise<RuleTrial> => {
					const trial = trials.get(`${rule.file}:${rule.line}`);
					if (trial === undefined || trial.fired || trial.row === 0) {
						return { ...rule, fired: trial?.fired ?? false, lacked: null };
					}
					const text = await source(places.get(rule.file) ?? "", trial.row);
					return { ...rule, fired: false, lacked: { file: rule.file, line: trial.row, text } };
				}),
		);
	});
}

interface Trial {
	fired: boolean;
	/** The last line that failed; 0 while there is none. */
	row: number;
}

/** By `FILE:LINE` of the rule: a rule is entered as one query, whose failures are those of its conditions. */
function readTrace(events: readonly TraceEvent[], { relativeOf }: Staged): Map<string, Trial> {
	const trials = new Map<string, Trial>();
	const open = new Map<number, { trial: Trial; file: string }>();
	for (const { Op, Node, Location, QueryID } of events) {
		const file = relativeOf(Location?.file ?? "");
		if (Op === "Enter" && Location !== null && Node !== null && "head" in Node) {
			const key = `${file}:${Location.row}`;
			const trial = trials.get(key) ?? { fired: false, row: 0 };
			trials.set(key, trial);
			open.set(QueryID, { trial, file });
		}
		const entered = open.get(QueryID);
		if (entered === undefined || Location === null) continue;
		if (Op === "Exit") entered.trial.fired = true;
		if (Op === "Fail" && file === entered.file) entered.trial.row = Math.max(entered.trial.row, Location.row);
	}
	return trials;
}

async function sourcePlaces({ tree, rules }: Staged, dirs: readonly string[]): Promise<Map<string, string>> {
	const places = new Map<string, string>();
	for (const { file } of rules) {
		for (const path of [join(tree, file), ...dirs.map((_, at) => join(tree, "user", String(at), file))]) {
			const found = await readFile(path).catch(() => undefined);
			if (found !== undefined && !places.has(file)) places.set(file, path);
		}
	}
	return places;
}

function sourceReader(): (path: string, row: number) => Promise<string> {
	const files = new Map<string, Promise<string[]>>();
	return async (path, row) => {
		const lines =
			files.get(path) ??
			readFile(path, "utf8").then(
				(text) => text.split("\n"),
				() => [],
			);
		files.set(path, lines);
		return ((await lines)[row - 1] ?? "").trim();
	};
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../../src/policy/build/index.ts";
import { openPolicy, readUnverified } from "../../src/policy/index.ts";
import { sampleInput } from "../postgres/sample.ts";
import { quantile } from "../postgres/statistics.ts";
import { line } from "./lines.ts";

const ROUNDS = 2_000;

/** Policies of a thousand rules, and of ten megabytes of data. */
export async function benchLarge(quick: boolean): Promise<void> {
	await measure("1,000 rules", { "rules.rego": thousandRules() }, quick);
	await measure("10 MB of data", tenMegabytes(), quick);
}

async function measure(name: string, files: Readonly<Record<string, string>>, quick: boolean): Promise<void> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
	try {
		for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content);
		const began = performance.now();
		const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
		const built = performance.now();
		const policy = await openPolicy(await readUnverified(archive));
		const opened = performance.now();
		const times: number[] = [];
		let cost = 0;
		for (let round = 0; round < (quick ? ROUNDS / 10 : ROUNDS); round++) {
			const input = sampleInput(round);
			const started = performance.now();
			cost = policy.decideCommand(input).cost;
			times.push((performance.now() - started) * 1_000);
		}
		const warm = times.slice(times.length / 5);
		console.log(
			`large: ${name}, ${archive.length.toLocaleString("en-US")} bytes packed, ${cost} budget units`,
		);
		line("built in", built - began, "ms");
		line("made ready in", opened - built, "ms");
		line("fresh decision, p50", quantile(warm, 0.5), "us");
		line("fresh decision, p99", quantile(warm, 0.99), "us");
		console.log("");
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** Each denies a table of its own. */
function thousandRules(): string {
	const rules = Array.from(
		{ length: 1_000 },
		(_, at) => `deny contains {"rule": "table-${at}"} if sql.touches("public.closed_${at}")\n`,
	);
	return `package sallyport.command\n\nimport data.sallyport.sql\n\n${rules.join("\n")}`;
}

/** A list of people, of whom one is looked up by name. */
function tenMegabytes(): Readonly<Record<string, string>> {
	const people: Record<string, object> = {};
	for (let at = 0; at < 60_000; at++) {
		people[`person-${at}`] = { team: `team-${at % 500}`, clearance: at % 7, note: "x".repeat(100) };
	}
	return {
		"data.json": JSON.stringify({ directory: { people } }),
		"rules.rego":
			'package sallyport.command\n\ndeny contains {"rule": "clearance"} if data.directory.people[input.principal.subject].clearance > 5\n',
	};
}

import { parseArgs } from "node:util";
import { MASKING } from "./masking/index.ts";
import { POSTGRES } from "./postgres/index.ts";
import type { Fuzzer } from "./run.ts";
import { run } from "./run.ts";

/**
 * `npm run fuzz -- NAME [--seed N] [--seconds S] [--only PART,...]`: what the tests try from kept seeds, from any
 * others, for as long as one likes.
 */
const FUZZERS: Readonly<Record<string, Readonly<Record<string, Fuzzer>>>> = {
	masking: MASKING,
	postgres: POSTGRES,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { seed: { type: "string" }, seconds: { type: "string" }, only: { type: "string" } },
});
const parts = FUZZERS[positionals[0] ?? ""];
const only = values.only?.split(",") ?? Object.keys(parts ?? {});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const seconds = Number(values.seconds ?? 60);
if (
	parts === undefined ||
	positionals.length > 1 ||
	!Number.isSafeInteger(seed) ||
	!(seconds >= 0) ||
	only.some((name) => parts[name] === undefined)
) {
	const known = Object.entries(FUZZERS).map(([name, all]) => `${name} (${Object.keys(all).join(", ")})`);
	console.error(
		`usage: npm run fuzz -- NAME [--seed N] [--seconds S] [--only PART,...]\n${known.join("\n")}`,
	);
	process.exitCode = 2;
} else {
	const chosen = Object.fromEntries(only.map((name) => [name, parts[name] as Fuzzer]));
	const failed = await run(positionals[0] ?? "", chosen, seed, seconds);
	if (failed > 0) process.exitCode = 1;
}

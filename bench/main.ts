import { benchMasking } from "./masking/index.ts";
import { benchPolicy } from "./policy/index.ts";
import { benchPostgres } from "./postgres/index.ts";

/** `npm run bench -- NAME`: what costs what, side by side in one run. Not part of the tests. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
	policy: benchPolicy,
	masking: benchMasking,
	postgres: benchPostgres,
};

const [name = "", ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
	console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join("|")} [--quick]`);
	process.exitCode = 2;
} else await bench(args);

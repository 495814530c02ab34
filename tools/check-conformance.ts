/**
 * Holds `test/cases/policy-host/cases.json` to where it comes from: every kept case is one of OPA's own, in the Go module
 * of the version that `tools/opa.mjs` names, with the same wanted result. Run it after a change of either; it needs Go's
 * module cache (`go mod download github.com/open-policy-agent/opa@vVERSION`), which a machine that only runs the tests
 * does not have.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { OPA_VERSION } from "./opa.mjs";

interface Original {
	readonly note: string;
	readonly want_result?: readonly { readonly x: unknown }[];
	readonly want_error?: string;
	readonly want_error_code?: string;
	readonly strict_error?: boolean;
}

interface Kept {
	readonly note: string;
	readonly want?: readonly unknown[];
	readonly error?: true;
	readonly unordered?: true;
}

const modules = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
const testdata = join(modules, `github.com/open-policy-agent/opa@v${OPA_VERSION}`, "v1/test/cases/testdata");
const originals = new Map<string, Original[]>();
for (const file of readdirSync(testdata, { recursive: true, encoding: "utf8" })) {
	if (!file.endsWith(".yaml")) continue;
	const { cases = [] } = parse(readFileSync(join(testdata, file), "utf8")) as { cases?: Original[] };
	for (const each of cases) originals.set(each.note, [...(originals.get(each.note) ?? []), each]);
}

const path = join(import.meta.dirname, "../test/cases/policy-host/cases.json");
const kept = JSON.parse(readFileSync(path, "utf8")) as Kept[];
const problems = kept.filter(
	(each) => !(originals.get(each.note) ?? []).some((original) => same(each, original)),
);
for (const { note } of problems) console.log(`not OPA's: ${note}`);
console.log(
	`${kept.length - problems.length} of ${kept.length} kept cases are among OPA's ${[...originals.values()].flat().length}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function same({ want = [], error }: Kept, original: Original): boolean {
	if (error)
		return (
			original.want_error !== undefined ||
			original.want_error_code !== undefined ||
			original.want_result === undefined ||
			original.want_result.length === 0
		);
	const wanted = (original.want_result ?? []).map(({ x }) => x);
	return isDeepStrictEqual(
		sorted(JSON.parse(JSON.stringify(want))),
		sorted(JSON.parse(JSON.stringify(wanted))),
	);
}

/** What came from a set is in no order. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value))
		return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, sorted(member)]);
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

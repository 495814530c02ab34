import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle, republish } from "../../src/policy/build/index.ts";

const DENY = `package sallyport.command

deny contains {"rule": "no-secrets", "message": "secrets are not for reading"} if {
	some statement in input.command.statements
	some relation in statement.relations
	relation.name == "secrets"
}
`;

/** Policies that differ in whether they deny reading `secrets`, each a new revision whenever it is asked for. */
export interface Revisions {
	next(denying: boolean): Promise<Buffer>;
}

/** `files` stand beside both policies. */
export async function makeRevisions(files: Readonly<Record<string, string>> = {}): Promise<Revisions> {
	const [allows, denies] = [await build(files), await build({ ...files, "deny.rego": DENY })];
	let sequence = Date.now();
	return {
		next: async (denying) => {
			sequence += 1;
			return (await republish(denying ? denies : allows, { sequence })).archive;
		},
	};
}

async function build(files: Readonly<Record<string, string>>): Promise<Buffer> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-policy-"));
	try {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
		return (await buildBundle({ dirs: [directory] })).archive;
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** A policy of so many rules more, each on a table of its own. */
export function manyRules(count: number): string {
	const rules = Array.from(
		{ length: count },
		(_, i) => `deny contains {"rule": "r${i}", "message": "not table_${i}"} if {
	some statement in input.command.statements
	some relation in statement.relations
	relation.name == "table_${i}"
}
`,
	);
	return `package sallyport.command\n\n${rules.join("\n")}`;
}

/** Data of about so many megabytes. */
export function manyPeople(megabytes: number): string {
	const person = (i: number) => ({
		team: `team-${i % 100}`,
		level: i % 7,
		tags: ["a", `b-${i % 10}`],
		note: `n ${i}`,
	});
	const count = Math.round((megabytes * 1e6) / JSON.stringify({ "user-123456": person(123_456) }).length);
	return JSON.stringify({
		people: Object.fromEntries(Array.from({ length: count }, (_, i) => [`user-${i}`, person(i)])),
	});
}

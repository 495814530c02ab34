import { PLPGSQL_NODES } from "../../src/protocols/postgres/analysis/plpgsql/nodes.ts";
import { nodeNames } from "./grammar-names.ts";
import { grammarNodes, type NodeAccount } from "./postgres-nodes.ts";

const MAJORS = [14, 15, 16, 17, 18] as const;
const BEGIN = "<!-- what follows is generated: node tools/generate-docs.ts -->";

/** The page with its tables made anew; what stands above the mark is written by hand. */
export function postgresAnalysisPage(page: string): string {
	return `${page.split(BEGIN)[0]}${BEGIN}\n\n${tables()}`;
}

function tables(): string {
	const nodes = grammarNodes();
	const majors = new Map<string, number[]>();
	for (const major of MAJORS)
		for (const name of nodeNames(major)) majors.set(name, [...(majors.get(name) ?? []), major]);
	const of = (...read: readonly NodeAccount["read"][]): [string, NodeAccount][] =>
		[...nodes]
			.filter(([name, account]) => read.includes(account.read) && majors.has(name))
			.sort(([a], [b]) => a.localeCompare(b, "en"));
	const row = ([name, { relations, columns, functions, effects, opaque }]: [string, NodeAccount]): string =>
		`| ${name} | ${span(majors.get(name) ?? [])} | ${[relations, columns, functions, effects, opaque].map(cell).join(" | ")} |`;
	const table = (read: readonly NodeAccount["read"][]): string =>
		[
			"| node | in | relations | columns | functions | effects | opaque when |",
			"| --- | --- | --- | --- | --- | --- | --- |",
			...of(...read).map(row),
		].join("\n");
	const parts = of("part").map(
		([name, { columns }]) => `| ${name} | ${span(majors.get(name) ?? [])} | ${columns} |`,
	);
	const later = of("opaque").map(([name]) => `\`${name}\``);
	const plpgsql = Object.entries(PLPGSQL_NODES).map(
		([name, parts_]) => `| ${name} | ${plpgsqlParts(parts_)} |`,
	);
	return `## Statements

${table(["statement"])}

## Other statements

${table(["utility"])}

## Expressions

${table(["expression"])}

## Values made of all their parts

${table(["computed"])}

## Items of FROM

${table(["from"])}

## Parts of other nodes

| node | in | read as |
| --- | --- | --- |
${parts.join("\n")}

## PL/pgSQL

| node | read as |
| --- | --- |
${plpgsql.join("\n")}

## What no text has

The server makes these when it analyses, plans or runs a statement. The parser never gives one; a tree that held one
would be opaque: ${later.join(", ")}.
`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** `14 to 18`, `16 to 18`, `14`. */
function span(majors: readonly number[]): string {
	const [first] = majors;
	const last = majors.at(-1);
	return first === last ? `${first}` : `${first} to ${last}`;
}

function plpgsqlParts(parts: Readonly<Record<string, string>> | string): string {
	if (typeof parts === "string") return `opaque: ${parts}`;
	const read = Object.entries(parts).filter(([, part]) => part !== "known");
	return read.length === 0
		? "nothing in it is run"
		: read.map(([field, part]) => `${field}: ${part}`).join("; ");
}

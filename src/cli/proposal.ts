import type { ConnectionScan, ProposedColumn } from "./answers.ts";

/**
 * A scan's proposal as a data file of a policy: what the `pii` pack takes, with the evidence for each column as a
 * comment. Names are JSON strings, which are YAML's too.
 */
export function proposalFile(
	connection: string,
	{ columns, tables, scanned, skipped }: ConnectionScan,
): string {
	const masked = columns.filter(({ proposal }) => proposal.way === "mask");
	const looked = columns.filter(({ proposal }) => proposal.way === "detect");
	const lines = [
		`# Proposed by \`sallyport connections scan\` for ${comment(connection)}: ${scanned} columns of ${tables} tables were looked at.`,
		"# It knows what it saw, and names; read it before it goes into force.",
		...skipped.map(
			({ schema, table, reason }) => `# Not looked at: ${comment(`${schema}.${table}`)}, ${comment(reason)}`,
		),
		"sallyport:",
		"  packs:",
		"    pii:",
		...list("columns", masked),
		...list("detect", looked),
	];
	return `${lines.join("\n")}\n`;
}

function list(key: string, columns: readonly ProposedColumn[]): string[] {
	if (columns.length === 0) return [`      ${key}: []`];
	return [
		`      ${key}:`,
		...columns.flatMap((column) => [`        # ${evidence(column)}`, `        - ${entry(column)}`]),
	];
}

function entry({ schema, table, column, proposal }: ProposedColumn): string {
	const name = JSON.stringify([schema, table, column].map(part).join("."));
	if (proposal.way === "detect") return `{columns: [${name}], detectors: [${proposal.detectors.join(", ")}]}`;
	const keep = proposal.transform === "partial" ? `, keep: ${proposal.keep}` : "";
	return `{columns: [${name}], transform: ${proposal.transform}${keep}}`;
}

/** Parts of a column's name that hold a dot or a quote stand in double quotes, and no others. */
function part(name: string): string {
	return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function evidence({ values, found, whole, named }: ProposedColumn): string {
	const told = Object.entries(found).map(
		([kind, times]) => `${kind} in ${times} (alone in ${whole[kind] ?? 0})`,
	);
	const name = named === null ? [] : [`the name says ${named}`];
	return comment([`${values} values looked at`, ...told, ...name].join("; "));
}

/** Nothing may end the comment's line. */
const comment = (text: string) => JSON.stringify(text).slice(1, -1);

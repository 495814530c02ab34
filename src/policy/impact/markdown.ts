import { CHANGE_TITLES, CHANGES } from "./change.ts";
import type { CostSummary } from "./costs.ts";
import type { ChangeGroup, ImpactReport } from "./report.ts";

/** Groups of one kind that a report for people shows. */
const SHOWN = 20;

/** The report as a pull request takes it. */
export function impactMarkdown(report: ImpactReport): string {
	const { replayed, evaluated, milliseconds, running, candidate, changes } = report;
	const changed = CHANGES.filter((change) => changes[change] > 0);
	return [
		"## Policy impact",
		"",
		`${replayed} recorded commands through \`${running}\` and \`${candidate}\` in ${(milliseconds / 1000).toFixed(1)} s` +
			` (${evaluated} evaluations: what is sure to be answered alike is asked once).`,
		...remarks(report),
		"",
		...(changed.length === 0
			? ["**No decision changes.**"]
			: [
					"| change | decisions |",
					"| --- | ---: |",
					...changed.map((each) => `| ${CHANGE_TITLES[each]} | ${changes[each]} |`),
				]),
		...changed.flatMap((change) => section(report.groups.filter((group) => group.change === change))),
		"",
		"### Cost",
		"",
		"| budget units | median | p99 | most |",
		"| --- | ---: | ---: | ---: |",
		costRow("running", report.cost.running),
		costRow("candidate", report.cost.candidate),
		"",
		...unused(report),
		"",
	].join("\n");
}

function remarks({ skipped, drifted, other_data, cost }: ImpactReport): string[] {
	const left = Object.entries(skipped).map(([why, count]) => `${count} ${why.replaceAll("_", " ")}`);
	return [
		...(left.length === 0 ? [] : ["", `Not replayed: ${left.join(", ")}.`]),
		...(drifted === 0
			? []
			: ["", `**${drifted} commands are decided otherwise by the running policy than they were.**`]),
		...(other_data === 0
			? []
			: ["", `${other_data} commands were decided with data that is kept no more: asked with that of now.`]),
		...(cost.newly_failing === 0
			? []
			: ["", `**The candidate fails on ${cost.newly_failing} commands, which denies them.**`]),
	];
}

function section(groups: readonly ChangeGroup[]): string[] {
	const [first] = groups;
	if (first === undefined) return [];
	const shown = groups.slice(0, SHOWN);
	return [
		"",
		`### ${CHANGE_TITLES[first.change]}`,
		"",
		"| decisions | rule | principal | connection | example |",
		"| ---: | --- | --- | --- | --- |",
		...shown.map(({ count, rule, principal, connection, examples }) => {
			const [example] = examples;
			const shownExample = example === undefined ? "" : `${code(example.text)} (\`${example.id}\`)`;
			return `| ${count} | ${code(rule)} | ${code(principal)} | ${code(connection)} | ${shownExample} |`;
		}),
		...(groups.length > SHOWN ? ["", `and ${groups.length - SHOWN} groups more.`] : []),
	];
}

function costRow(name: string, { median, p99, max }: CostSummary): string {
	return `| ${name} | ${median} | ${p99} | ${max} |`;
}

function unused({ rules }: ImpactReport): string[] {
	const never = rules.filter(({ fired }) => fired === 0);
	if (never.length === 0) return [];
	const names = never.map(({ set, rule }) => code(`${set.split("/").at(-1)} ${rule}`));
	return [
		"<details><summary>Rules of the candidate that decided nothing</summary>",
		"",
		names.join(", "),
		"",
		"</details>",
	];
}

/** As inline code in a table's cell: what is in it can neither end the cell nor format anything. */
function code(text: string): string {
	const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|");
	const fence = "`".repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
	const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
	return `${fence}${pad}${line}${pad}${fence}`;
}

import { CHANGE_TITLES, CHANGES, type ImpactReport } from "../policy/index.ts";
import type { Terminal } from "./terminal.ts";

/** A report for people. @param verb what was done with the commands */
export function showImpact(report: ImpactReport, terminal: Terminal, verb: string): void {
	const { replayed, milliseconds, running, candidate, changes, groups, cost, skipped, drifted, other_data } =
		report;
	const rate = Math.round((replayed / Math.max(1, milliseconds)) * 1_000);
	const changed = CHANGES.filter((change) => changes[change] > 0);
	terminal.heading(changed.length === 0 ? "No decision changes." : "Decisions that change");
	for (const change of changed) {
		terminal.line(`${changes[change]}  ${CHANGE_TITLES[change].toLowerCase()}`);
	}
	for (const change of changed) {
		terminal.line();
		terminal.heading(CHANGE_TITLES[change]);
		for (const group of groups.filter((each) => each.change === change)) {
			terminal.line(`  ${group.count}  ${group.rule}  ${group.principal} on ${group.connection}`);
			for (const { id, text, from, to } of group.examples) {
				terminal.line(`      ${text.replace(/\s+/g, " ")}`);
				terminal.line(
					`        ${id}: ${from.action} (${from.rules.join(", ")}) -> ${to.action}: ${to.message}`,
				);
			}
		}
	}
	terminal.line();
	const left = Object.entries(skipped).map(([why, count]) => `${count} ${why.replaceAll("_", " ")}`);
	terminal.facts([
		["running", running],
		["candidate", candidate],
		[verb, `${replayed} commands in ${(milliseconds / 1000).toFixed(1)} s, ${rate} a second`],
		["not replayed", left.length === 0 ? null : left.join(", ")],
		[
			"drifted",
			drifted === 0 ? null : `${drifted} are decided otherwise by the running policy than they were`,
		],
		[
			"other data",
			other_data === 0
				? null
				: `${other_data} were decided with data that is kept no more: asked with that of now`,
		],
		["cost", costLine("running", cost.running)],
		["", costLine("candidate", cost.candidate)],
		[
			"failing",
			cost.newly_failing === 0
				? null
				: `${cost.newly_failing} on which the candidate fails, which denies them`,
		],
	]);
}

function costLine(name: string, { median, p99, max }: ImpactReport["cost"]["running"]): string {
	return `${name}: ${median} units, ${p99} at the 99th percentile, ${max} at most`;
}

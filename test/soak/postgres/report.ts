import type { Sample } from "./observe.ts";
import type { Verdict } from "./soak.ts";
import type { Tally } from "./tally.ts";

export function printSample(elapsedSeconds: number, sample: Sample, tally: Tally): void {
	const { residentMb, heldMb, openFiles, sessions, upstream } = sample;
	console.log(
		[
			`${elapsedSeconds.toFixed(0).padStart(5)} s`,
			`${residentMb.toFixed(0)} MB`,
			`${heldMb.toFixed(1)} MB held`,
			`${openFiles} files`,
			`${sessions} sessions`,
			upstream === null ? "server away" : `${upstream.sessions} upstream + ${upstream.control} control`,
			`${tally.operations.toLocaleString("en-US")} operations`,
			`${tally.losses} losses`,
			`${tally.findings.length} findings`,
		].join(", "),
	);
}

export function printVerdict({ tally, kills, early, late, after, findings }: Verdict): void {
	console.log(`
operations   ${tally.operations.toLocaleString("en-US")}, ${tally.connects} connections, ${tally.cancels} cancelled, ${tally.losses} lost to kills
killed       ${kills.clients} clients, ${kills.backends} backends, ${kills.crashes} crashes and ${kills.restarts} restarts of the server
resident     ${early.residentMb.toFixed(0)} MB early, ${late.residentMb.toFixed(0)} MB late, ${after.residentMb.toFixed(0)} MB when all had gone
held         ${early.heldMb.toFixed(1)} MB early, ${late.heldMb.toFixed(1)} MB late, ${after.heldMb.toFixed(1)} MB when all had gone
files        ${early.openFiles} early, ${late.openFiles} late, ${after.openFiles} when all had gone
`);
	for (const [kind, count] of tally.kinds) console.log(`found ${kind}: ${count} times`);
	for (const finding of findings) console.log(`  ${finding}`);
	console.log(findings.length === 0 ? "nothing was found" : `${findings.length} findings`);
}

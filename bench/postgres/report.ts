import type { DecisionFigures } from "./decisions.ts";
import type { Figures } from "./index.ts";
import type { Workload } from "./load.ts";

/** What the release has to reach, by workload: CPU a statement as a multiple of the bare relay's. */
const CPU_TARGETS: Readonly<Record<string, number>> = {
	"-S prepared, 8 clients": 1.8,
	"-S simple, 8 clients": 2.0,
};
const ADDED_P50_TARGETS: Readonly<Record<string, number>> = { "-S prepared, 1 client": 120 };

export function reportWorkload({ name }: Workload, figures: readonly Figures[]): void {
	const direct = figures.find(({ subject }) => subject === "direct");
	const relay = figures.find(({ subject }) => subject === "relay");
	console.log(name);
	console.log("  subject      statements/s  of direct   p50 us   added us   CPU us/stmt  of relay");
	for (const { subject, statementsPerSecond, p50Micros, cpuMicros } of figures) {
		const added = p50Micros - (direct?.p50Micros ?? 0);
		const cells = [
			subject.padEnd(11),
			Math.round(statementsPerSecond).toLocaleString("en-US").padStart(13),
			(statementsPerSecond / (direct?.statementsPerSecond ?? 1)).toFixed(2).padStart(10),
			p50Micros.toFixed(0).padStart(8),
			(subject === "direct" ? "" : added.toFixed(0)).padStart(10),
			(cpuMicros?.toFixed(1) ?? "").padStart(13),
			(cpuMicros === null ? "" : (cpuMicros / (relay?.cpuMicros ?? 1)).toFixed(2)).padStart(9),
		];
		console.log(`  ${cells.join(" ")}`);
	}
	const ours = figures.find(({ subject }) => subject === "sallyport");
	if (ours !== undefined && relay?.cpuMicros != null && ours.cpuMicros !== null)
		target(`CPU a statement, of the bare relay's`, ours.cpuMicros / relay.cpuMicros, CPU_TARGETS[name], "");
	if (ours !== undefined && direct !== undefined)
		target("added p50", ours.p50Micros - direct.p50Micros, ADDED_P50_TARGETS[name], " us");
	console.log("");
}

export function reportDecisions({ inputBytes, fresh, repeated, opaServer }: DecisionFigures): void {
	console.log(`one decision of the shipped policy, input of ${inputBytes} bytes, ${fresh.cost} units`);
	console.log(`  fresh     p50 ${fresh.p50.toFixed(1)} us, p99 ${fresh.p99.toFixed(1)} us`);
	console.log(`  repeated  p50 ${repeated.p50.toFixed(2)} us`);
	target("fresh decision p50", fresh.p50, 100, " us");
	if (opaServer === null) return console.log("  opa is not installed: no comparison with its server");
	console.log(`  opa run --server over loopback HTTP  p50 ${opaServer.p50.toFixed(1)} us`);
	const faster = opaServer.p50 / fresh.p50;
	console.log(
		`  ${faster >= 10 ? "reached" : "MISSED "}  ${faster.toFixed(1)} times faster than it (target: at least 10)`,
	);
}

function target(what: string, value: number, atMost: number | undefined, unit: string): void {
	if (atMost === undefined) return;
	const verdict = value <= atMost ? "reached" : "MISSED ";
	console.log(`  ${verdict}  ${what} ${value.toFixed(2)}${unit} (target: at most ${atMost}${unit})`);
}

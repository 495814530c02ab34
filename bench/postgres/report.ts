import type { ConnectFigures } from "./connect.ts";
import type { DecisionFigures } from "./decisions.ts";
import type { Workload } from "./load.ts";
import type { MemoryFigures } from "./memory.ts";
import type { Figures } from "./statements.ts";
import type { TransferFigures } from "./transfer.ts";
import type { Transfer } from "./transfers.ts";

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

const OF_RELAY = 0.8;
const OF_DIRECT = 0.5;

export function reportTransfer({ name, unit }: Transfer, figures: readonly TransferFigures[]): void {
	const speed = (subject: string) =>
		figures.find((each) => each.subject === subject)?.megabytesPerSecond ?? Number.NaN;
	console.log(name);
	console.log(`  subject      ${unit.padStart(10)}/s      MB/s  of direct   of relay  CPU us/MB`);
	for (const { subject, perSecond, megabytesPerSecond, cpuMicrosPerMegabyte } of figures) {
		const cells = [
			subject.padEnd(11),
			Math.round(perSecond).toLocaleString("en-US").padStart(13),
			megabytesPerSecond.toFixed(1).padStart(9),
			(megabytesPerSecond / speed("direct")).toFixed(2).padStart(10),
			(subject === "direct" ? "" : (megabytesPerSecond / speed("relay")).toFixed(2)).padStart(10),
			(cpuMicrosPerMegabyte?.toFixed(0) ?? "").padStart(10),
		];
		console.log(`  ${cells.join(" ")}`);
	}
	if (unit === "rows") {
		atLeast("of the bare relay's speed", speed("sallyport") / speed("relay"), OF_RELAY);
		atLeast("of direct's speed", speed("sallyport") / speed("direct"), OF_DIRECT);
	}
	console.log("");
}

const ADDED_CONNECT_MS = 3;

export function reportConnects(figures: readonly ConnectFigures[]): void {
	const direct = figures.find(({ subject }) => subject === "direct")?.p50Millis ?? Number.NaN;
	console.log("connect and first query");
	console.log("  subject        p50 ms  added ms  8 at a time: /s  CPU us each");
	for (const { subject, p50Millis, perSecond, cpuMicros } of figures) {
		const cells = [
			subject.padEnd(11),
			p50Millis.toFixed(2).padStart(9),
			(subject === "direct" ? "" : (p50Millis - direct).toFixed(2)).padStart(9),
			perSecond.toFixed(0).padStart(16),
			(cpuMicros?.toFixed(0) ?? "").padStart(12),
		];
		console.log(`  ${cells.join(" ")}`);
	}
	const ours = figures.find(({ subject }) => subject === "sallyport");
	if (ours !== undefined) target("added p50", ours.p50Millis - direct, ADDED_CONNECT_MS, " ms");
	console.log("");
}

const KB_A_SESSION = 60;

export function reportMemory(figures: readonly MemoryFigures[], wanted: number): void {
	console.log("resident memory of idle sessions");
	console.log("  subject      sessions    MB before   MB with  kB a session  MB after");
	for (const each of figures) {
		const cells = [
			each.subject.padEnd(11),
			each.sessions.toLocaleString("en-US").padStart(9),
			(each.before / 1e6).toFixed(1).padStart(12),
			(each.with / 1e6).toFixed(1).padStart(9),
			kilobytes(each).toFixed(1).padStart(13),
			(each.after / 1e6).toFixed(1).padStart(9),
		];
		console.log(`  ${cells.join(" ")}`);
	}
	const ours = figures.find(({ subject }) => subject === "sallyport");
	if (ours !== undefined) target("a session", kilobytes(ours), KB_A_SESSION, " kB");
	if (ours !== undefined && ours.sessions < wanted)
		console.log(
			`  (${wanted.toLocaleString("en-US")} of them take more open files than this machine grants)`,
		);
	console.log("");
}

const kilobytes = (figures: MemoryFigures) => (figures.with - figures.before) / figures.sessions / 1_000;

function atLeast(what: string, value: number, target: number): void {
	const verdict = value >= target ? "reached" : "MISSED ";
	console.log(`  ${verdict}  ${value.toFixed(2)} ${what} (target: at least ${target})`);
}

import { cpuMicros } from "./cpu.ts";
import { fill, PGBENCH, type Run, run, statementsOf, type Workload } from "./load.ts";
import { reportWorkload } from "./report.ts";
import { median } from "./statistics.ts";
import type { Stage, Subject } from "./subjects.ts";

/** One subject's figures in one workload; medians over the rounds. */
export interface Figures {
	readonly subject: Subject["name"];
	readonly statementsPerSecond: number;
	readonly p50Micros: number;
	/** Of the process in between, a statement; null for none. */
	readonly cpuMicros: number | null;
}

const WORKLOADS: readonly Workload[] = [
	{ name: "-S prepared, 1 client", protocol: "prepared", script: "select-only", clients: 1 },
	{ name: "-S prepared, 8 clients", protocol: "prepared", script: "select-only", clients: 8 },
	{ name: "-S simple, 1 client", protocol: "simple", script: "select-only", clients: 1 },
	{ name: "-S simple, 8 clients", protocol: "simple", script: "select-only", clients: 8 },
	{ name: "TPC-B prepared, 8 clients", protocol: "prepared", script: "tpcb-like", clients: 8 },
];

/** Small statements, by pgbench. */
export async function benchStatements(stage: Stage, quick: boolean): Promise<void> {
	const rounds = quick ? 2 : 5;
	const seconds = quick ? 1 : 3;
	if (PGBENCH === null)
		console.log(
			"pgbench is not installed (Debian: apt-get install postgresql-contrib): a load from Node stands in for it\n",
		);
	await fill(stage.subjects[0] as Subject);
	await warmUp(stage, quick ? 2 : 5);
	for (const workload of WORKLOADS) {
		if (PGBENCH === null && workload.script !== "select-only") continue;
		reportWorkload(workload, await measure(stage, workload, rounds, seconds));
	}
}

/** A gateway's compilers are at work for some seconds; what they take is no statement's cost. */
async function warmUp({ subjects }: Stage, seconds: number): Promise<void> {
	for (const subject of subjects)
		for (const workload of WORKLOADS.filter(({ clients }) => clients > 1)) {
			if (PGBENCH !== null || workload.script === "select-only") await run(subject, workload, seconds);
		}
}

async function measure(
	{ subjects }: Stage,
	workload: Workload,
	rounds: number,
	seconds: number,
): Promise<Figures[]> {
	const samples = new Map<Subject, { run: Run; cpu: number | null }[]>();
	for (const subject of subjects) await run(subject, workload, seconds); // uncounted: compilers and caches warm up
	for (let round = 0; round < rounds; round++) {
		for (const subject of subjects) {
			const before = subject.pid === null ? 0 : cpuMicros(subject.pid);
			const result = await run(subject, workload, seconds);
			const cpu = subject.pid === null ? null : cpuMicros(subject.pid) - before;
			samples.set(subject, [...(samples.get(subject) ?? []), { run: result, cpu }]);
		}
	}
	const statements = statementsOf(workload);
	return subjects.map((subject) => {
		const taken = samples.get(subject) ?? [];
		return {
			subject: subject.name,
			statementsPerSecond: median(
				taken.map(({ run: { transactions } }) => (transactions * statements) / seconds),
			),
			p50Micros: median(taken.map(({ run: { p50Micros } }) => p50Micros)),
			cpuMicros:
				subject.pid === null
					? null
					: median(taken.map(({ run: { transactions }, cpu }) => (cpu ?? 0) / (transactions * statements))),
		};
	});
}

import { encodeQuery } from "../../src/protocols/postgres/codec/index.ts";
import { BareClient } from "./bare-client.ts";
import { cpuMicros } from "./cpu.ts";
import { reportConnects } from "./report.ts";
import { median } from "./statistics.ts";
import type { Stage, Subject } from "./subjects.ts";

/** One subject's figures; medians over the rounds. */
export interface ConnectFigures {
	readonly subject: Subject["name"];
	/** From the first packet to the answer of the first query, one connection after the other. */
	readonly p50Millis: number;
	/** The same with eight at a time. */
	readonly perSecond: number;
	/** Of the process in between, a connection; null for none. */
	readonly cpuMicros: number | null;
}

const AT_A_TIME = 8;
const FIRST_QUERY = encodeQuery("SELECT 1");

/** Connections that ask one thing and go. */
export async function benchConnect({ subjects }: Stage, quick: boolean): Promise<void> {
	const rounds = quick ? 3 : 7;
	const seconds = quick ? 0.5 : 1;
	const samples = new Map(subjects.map((subject) => [subject, [] as Omit<ConnectFigures, "subject">[]]));
	for (const subject of subjects) await sample(subject, seconds); // uncounted: compilers and caches warm up
	for (let round = 0; round < rounds; round++)
		for (const [subject, taken] of samples) taken.push(await sample(subject, seconds));
	reportConnects(
		[...samples].map(([{ name, pid }, taken]) => ({
			subject: name,
			p50Millis: median(taken.map(({ p50Millis }) => p50Millis)),
			perSecond: median(taken.map(({ perSecond }) => perSecond)),
			cpuMicros: pid === null ? null : median(taken.map((each) => each.cpuMicros ?? 0)),
		})),
	);
}

async function sample(subject: Subject, seconds: number): Promise<Omit<ConnectFigures, "subject">> {
	const alone: number[] = [];
	await connects(subject, seconds / 2, 1, alone);
	const before = subject.pid === null ? 0 : cpuMicros(subject.pid);
	const times: number[] = [];
	const took = await connects(subject, seconds / 2, AT_A_TIME, times);
	return {
		p50Millis: median(alone),
		perSecond: times.length / took,
		cpuMicros: subject.pid === null ? null : (cpuMicros(subject.pid) - before) / times.length,
	};
}

/** Fills `times` with milliseconds; answers how many seconds all of it took. */
async function connects(
	subject: Subject,
	seconds: number,
	atATime: number,
	times: number[],
): Promise<number> {
	const started = performance.now();
	const end = started + seconds * 1_000;
	const one = async () => {
		while (performance.now() < end) {
			const began = performance.now();
			const client = await BareClient.connect(subject);
			await client.ask(FIRST_QUERY);
			times.push(performance.now() - began);
			client.close();
		}
	};
	await Promise.all(Array.from({ length: atATime }, one));
	return (performance.now() - started) / 1_000;
}

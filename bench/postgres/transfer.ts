import { BareClient } from "./bare-client.ts";
import { cpuMicros } from "./cpu.ts";
import { reportTransfer } from "./report.ts";
import { median } from "./statistics.ts";
import type { Stage, Subject } from "./subjects.ts";
import { TABLES, type Transfer } from "./transfers.ts";

/** One subject's figures; medians over the rounds. */
export interface TransferFigures {
	readonly subject: Subject["name"];
	/** Rows or statements. */
	readonly perSecond: number;
	readonly megabytesPerSecond: number;
	/** Of the process in between, a megabyte; null for none. */
	readonly cpuMicrosPerMegabyte: number | null;
}

interface Sample {
	readonly runs: number;
	readonly bytes: number;
	readonly seconds: number;
	readonly cpu: number;
}

const filled = new WeakSet<Stage>();

/** Large results, COPY and batches, over one connection each. */
export async function benchTransfers(
	stage: Stage,
	transfers: readonly Transfer[],
	quick: boolean,
): Promise<void> {
	if (!filled.has(stage)) for (const sql of TABLES.split(";")) await stage.server.query(sql);
	filled.add(stage);
	for (const transfer of transfers) reportTransfer(transfer, await measure(stage, transfer, quick));
}

async function measure(stage: Stage, transfer: Transfer, quick: boolean): Promise<TransferFigures[]> {
	const rounds = quick ? 3 : 7;
	const seconds = quick ? 0.4 : 1;
	const clients = new Map<Subject, BareClient>();
	const samples = new Map<Subject, Sample[]>();
	for (const subject of stage.subjects) {
		const client = await BareClient.connect(subject);
		clients.set(subject, client);
		samples.set(subject, []);
		await sample(stage, subject, client, transfer, seconds); // uncounted: compilers and caches warm up
	}
	for (let round = 0; round < rounds; round++)
		for (const [subject, client] of clients)
			samples.get(subject)?.push(await sample(stage, subject, client, transfer, seconds));
	for (const client of clients.values()) client.close();
	return stage.subjects.map((subject) => figures(subject, transfer, samples.get(subject) ?? []));
}

async function sample(
	{ server }: Stage,
	subject: Subject,
	client: BareClient,
	transfer: Transfer,
	atLeastSeconds: number,
): Promise<Sample> {
	if (transfer.before !== undefined) await server.query(transfer.before);
	const before = subject.pid === null ? 0 : cpuMicros(subject.pid);
	const started = performance.now();
	let runs = 0;
	let bytes = 0;
	let seconds = 0;
	while (seconds < atLeastSeconds) {
		bytes += await transfer.run(client);
		runs += 1;
		seconds = (performance.now() - started) / 1_000;
	}
	const cpu = subject.pid === null ? 0 : cpuMicros(subject.pid) - before;
	return { runs, bytes, seconds, cpu };
}

function figures(subject: Subject, { count }: Transfer, samples: readonly Sample[]): TransferFigures {
	return {
		subject: subject.name,
		perSecond: median(samples.map(({ runs, seconds }) => (runs * count) / seconds)),
		megabytesPerSecond: median(samples.map(({ bytes, seconds }) => bytes / seconds / 1e6)),
		cpuMicrosPerMegabyte:
			subject.pid === null ? null : median(samples.map(({ bytes, cpu }) => cpu / (bytes / 1e6))),
	};
}

import { setTimeout as sleep } from "node:timers/promises";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";
import { type Kills, type Pace, stopRestarted, wreakHavoc } from "./chaos.ts";
import { observe, type Sample } from "./observe.ts";
import { SCHEMA } from "./operations.ts";
import { type Lives, liveOn } from "./session.ts";
import { Tally } from "./tally.ts";

export interface SoakOptions {
	readonly sessions: number;
	readonly seconds: number;
	/** It goes on until so many are done, for at most five times as long: a test machine may be slow. */
	readonly operations?: number;
	readonly pace?: Pace;
	onSample(elapsedSeconds: number, sample: Sample, tally: Tally): void;
}

export interface Verdict {
	readonly tally: Tally;
	readonly kills: Kills;
	/** Once all sessions were there for a while, at the end of the time, and when all had gone. */
	readonly early: Sample;
	readonly late: Sample;
	readonly after: Sample;
	/** Empty when everything was as it has to be. */
	readonly findings: readonly string[];
}

const PACE: Pace = { killEveryMs: 500, crashEveryMs: 45_000, restartEveryMs: 110_000 };
const SAMPLE_MS = 10_000;
/** Of the time, before the first sample that counts: caches fill, compilers work. */
const EARLY = 0.3;
/** Beyond these, memory or files have leaked. */
const MAX_GROWTH_MB = 60;
const MAX_FILES_LEFT = 3;
const QUIET_TRIES = 150;

/** Sessions at work while clients, backends and the server itself are killed. */
export async function soakPostgres(options: SoakOptions): Promise<Verdict> {
	const { sessions } = options;
	const pair = await startPair({
		schema: SCHEMA,
		postgres: { settings: { max_connections: `${sessions + 40}`, log_statement: "none" } },
		merge: { limits: { sessions: sessions * 2, handshakes: sessions * 2 } },
		policy: policyOf(
			'allow contains {"rule": "all"}\nrecord contains {"rule": "commands", "level": "commands"}',
		),
	});
	try {
		return await soak(pair, options);
	} finally {
		await stopRestarted(pair.postgres);
		await pair.stop();
	}
}

async function soak(
	{ gateway, postgres, address, through }: Pair,
	{ sessions, seconds, operations = 0, pace = PACE, onSample }: SoakOptions,
): Promise<Verdict> {
	(await through()).close(); // opens what stays open: the catalog's connection
	const before = await quiet(() => observe(gateway, postgres));
	const tally = new Tally();
	const lives: Lives = new Map();
	const started = Date.now();
	const over = () => {
		const elapsed = (Date.now() - started) / 1_000;
		return elapsed >= seconds && (tally.operations >= operations || elapsed >= seconds * 5);
	};
	const living = Array.from({ length: sessions }, (_, at) => liveOn(at + 1, address(), lives, tally, over));
	const havoc = wreakHavoc(postgres, lives, pace, over);
	let early: Sample | null = null;
	let late = before;
	while (!over()) {
		await sleep(Math.min(SAMPLE_MS, seconds * 100));
		late = await observe(gateway, postgres);
		const elapsed = (Date.now() - started) / 1_000;
		if (elapsed >= seconds * EARLY) early ??= late;
		onSample(elapsed, late, tally);
	}
	const kills = await havoc;
	await Promise.all(living);
	const after = await quiet(() => observe(gateway, postgres));
	const verdict = { tally, kills, early: early ?? late, late, after };
	return { ...verdict, findings: [...tally.findings, ...leaks(before, verdict)] };
}

/** Once no session is left, on either side. */
async function quiet(look: () => Promise<Sample>): Promise<Sample> {
	for (let tries = 0; ; tries++) {
		const sample = await look();
		if ((sample.sessions === 0 && sample.upstream?.sessions === 0) || tries >= QUIET_TRIES) return sample;
		await sleep(100);
	}
}

function leaks(before: Sample, { early, late, after }: Omit<Verdict, "findings">): string[] {
	const found: string[] = [];
	if (after.sessions > 0) found.push(`${after.sessions} sessions left in the gateway`);
	if (after.upstream === null) found.push("the server can't be asked");
	else if (after.upstream.sessions > 0)
		found.push(`${after.upstream.sessions} connections left on the server`);
	if ((after.upstream?.control ?? 0) > 1) found.push(`${after.upstream?.control} control connections`);
	if (after.openFiles > before.openFiles + MAX_FILES_LEFT)
		found.push(`${after.openFiles} files open, ${before.openFiles} before`);
	const grown = late.residentMb - early.residentMb;
	if (grown > MAX_GROWTH_MB) found.push(`memory grew by ${grown.toFixed(0)} MB while nothing else did`);
	return found;
}

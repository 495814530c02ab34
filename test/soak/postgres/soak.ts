import { setTimeout as sleep } from "node:timers/promises";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";
import { type Kills, type Pace, stopRestarted, wreakHavoc } from "./chaos.ts";
import { observe, PROBED, type Sample } from "./observe.ts";
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
/** Samples are compared in which at least this share of the sessions is there. */
const MOST = 0.9;
/** So little that it is full long before that, and going through it again and again doesn't look like growth. */
const PARSE_CACHE_BYTES = 1 << 18;
/**
 * Beyond these, memory or files have leaked. What JavaScript holds is told exactly. What the process has of the
 * system's memory is not: the engine and the allocator keep for later what was once needed, such as after a crash of
 * the server at which all sessions come anew; so its bound is wide, for leaks outside of JavaScript.
 */
const MAX_HELD_MB = 10;
const MAX_RESIDENT_MB = 100;
/** What is compiled, and the caches. */
const MAX_LEFT_MB = 30;
const MAX_FILES_LEFT = 3;
const QUIET_TRIES = 150;

/** Sessions at work while clients, backends and the server itself are killed. */
export async function soakPostgres(options: SoakOptions): Promise<Verdict> {
	const { sessions } = options;
	const pair = await startPair({
		schema: SCHEMA,
		postgres: { settings: { max_connections: `${sessions + 40}`, log_statement: "none" } },
		merge: {
			limits: {
				...{ sessions: sessions * 2, handshakes: sessions * 2 },
				parse_cache_bytes: PARSE_CACHE_BYTES,
			},
		},
		env: PROBED,
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
	let late: Sample | null = null;
	while (!over()) {
		await sleep(Math.min(SAMPLE_MS, seconds * 100));
		const sample = await observe(gateway, postgres);
		const elapsed = (Date.now() - started) / 1_000;
		onSample(elapsed, sample, tally);
		if (elapsed < seconds * EARLY || sample.sessions < sessions * MOST) continue;
		early ??= sample;
		late = sample;
	}
	const kills = await havoc;
	await Promise.all(living);
	const after = await quiet(() => observe(gateway, postgres));
	if (early === null || late === null) throw new Error("there never was a time with most of the sessions");
	const verdict = { tally, kills, early, late, after };
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
	const grown = (what: "heldMb" | "residentMb", most: number) => {
		const by = late[what] - early[what];
		if (by > most) found.push(`${what} grew by ${by.toFixed(0)} MB while nothing else did`);
	};
	grown("heldMb", MAX_HELD_MB);
	grown("residentMb", MAX_RESIDENT_MB);
	const left = after.heldMb - before.heldMb;
	if (left > MAX_LEFT_MB) found.push(`${left.toFixed(0)} MB held with no session left`);
	return found;
}

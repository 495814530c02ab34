import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectServer } from "../../src/protocols/postgres/upstream/index.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startPostgres } from "../../test/support/postgres.ts";
import { upstreamOf } from "./bare-client.ts";
import { reportMemory } from "./report.ts";
import { listening, type Subject, startPgbouncer, startRelay, startSallyport } from "./subjects.ts";

/** What a process in between needs for sessions that do nothing. */
export interface MemoryFigures {
	readonly subject: Subject["name"];
	readonly sessions: number;
	/** Resident memory before and with them, in bytes. */
	readonly before: number;
	readonly with: number;
	/** A second after they have gone. */
	readonly after: number;
}

const WANTED = 10_000;
const WANTED_QUICK = 2_000;
/** For everything that is no session: listeners, logs, the catalog's connection. */
const OTHER_FILES = 100;
const AT_A_TIME = 50;
const WARM_UP = 200;

/** Each way holds idle sessions on a stand-in for a server, which holds more of them than PostgreSQL could. */
export async function benchMemory(quick: boolean): Promise<void> {
	const wanted = quick ? WANTED_QUICK : WANTED;
	const sessions = Math.min(wanted, Math.floor((openFiles() - OTHER_FILES) / 2));
	const server = await startPostgres({ version: 15 });
	const children: ChildProcess[] = [];
	const stops: (() => Promise<unknown>)[] = [() => server.stop()];
	try {
		const { host, user, password, database } = server;
		const upstream = { host, port: await freePort(), user, password, database };
		children.push(
			spawn(
				process.execPath,
				[join(import.meta.dirname, "stand-in.ts"), `${server.port}`, `${upstream.port}`],
				{ stdio: "inherit" },
			),
		);
		await listening(upstream.port);
		const direct: Subject = { name: "direct", ...upstream, pid: null };
		const pgbouncer = await startPgbouncer(direct, children);
		const sallyport = await startSallyport(upstream, { sessions: sessions + WARM_UP });
		stops.push(sallyport.stop);
		const subjects = [
			await startRelay(direct, children),
			...(pgbouncer === null ? [] : [pgbouncer]),
			sallyport.subject,
		];
		const figures: MemoryFigures[] = [];
		for (const subject of subjects) figures.push(await measure(subject, sessions));
		reportMemory(figures, wanted);
	} finally {
		for (const child of children) child.kill();
		for (const stop of stops.reverse()) await stop();
	}
}

async function measure(subject: Subject, sessions: number): Promise<MemoryFigures> {
	const pid = subject.pid ?? 0;
	for (const socket of await open(subject, WARM_UP)) socket.destroy();
	const before = await settled(pid);
	const sockets = await open(subject, sessions);
	const withThem = await settled(pid);
	for (const socket of sockets) socket.destroy();
	const after = await settled(pid);
	return { subject: subject.name, sessions, before, with: withThem, after };
}

async function open(subject: Subject, count: number): Promise<Socket[]> {
	const sockets: Socket[] = [];
	const one = async () => {
		for (let left = count / AT_A_TIME; left > 0; left--)
			sockets.push((await connectServer(upstreamOf(subject), { timeoutMs: 30_000 })).socket);
	};
	await Promise.all(Array.from({ length: AT_A_TIME }, one));
	return sockets;
}

/** Resident memory once it stays what it is. */
async function settled(pid: number): Promise<number> {
	let last = 0;
	for (let still = 0, tries = 0; still < 4 && tries < 60; tries++) {
		const now = resident(pid);
		still = Math.abs(now - last) < 1 << 20 ? still + 1 : 0;
		last = now;
		await sleep(500);
	}
	return last;
}

function resident(pid: number): number {
	return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}

/** How many files a process may open here: Node raises its own limit to the hard one. */
function openFiles(): number {
	const limit = execFileSync("/bin/sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
	return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}

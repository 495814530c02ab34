/** One at a time, over all processes of this user: two set-ups of one checkout wait for one another. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cache } from "./places.mjs";
import { say } from "./progress.mjs";

const POLL_MS = 100;
const TELL_AFTER_MS = 2_000;

/**
 * Runs `work` while holding the lock of that name. A lock whose process is gone counts for nothing.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
	const file = join(cache("locks"), name);
	mkdirSync(cache("locks"), { recursive: true });
	await take(file);
	const release = () => rmSync(file, { force: true });
	process.once("exit", release);
	try {
		return await work();
	} finally {
		process.off("exit", release);
		release();
	}
}

async function take(file) {
	const started = Date.now();
	let told = false;
	while (!create(file)) {
		const holder = holderOf(file);
		if (holder !== undefined && !alive(holder)) {
			discard(file, holder);
			continue;
		}
		if (!told && Date.now() - started > TELL_AFTER_MS) {
			told = true;
			say(`Waiting for another set-up (process ${holder}) ...`);
		}
		await sleep(POLL_MS);
	}
}

function create(file) {
	try {
		writeFileSync(file, String(process.pid), { flag: "wx" });
		return true;
	} catch (error) {
		if (error.code === "EEXIST") return false;
		throw error;
	}
}

/** The process that holds the lock; undefined when it is just being taken or was just released. */
function holderOf(file) {
	try {
		const pid = Number(readFileSync(file, "utf8"));
		return Number.isInteger(pid) && pid > 0 ? pid : undefined;
	} catch {
		return undefined;
	}
}

function alive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}

/** Of several that find a dead process's lock, one can rename it; it makes sure that it was that one. */
function discard(file, holder) {
	const aside = `${file}.${process.pid}`;
	try {
		renameSync(file, aside);
	} catch {
		return;
	}
	if (holderOf(aside) === holder) rmSync(aside, { force: true });
	else renameSync(aside, file);
}

import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time, user and system, that a process and its threads have used, in microseconds. From the scheduler's own
 * account (nanoseconds), since clock ticks of 10 ms are too coarse; threads that have ended are not counted.
 */
export function cpuMicros(pid: number): number {
	let nanoseconds = 0;
	for (const task of readdirSync(`/proc/${pid}/task`)) {
		const [running = "0"] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ");
		nanoseconds += Number(running);
	}
	return nanoseconds / 1_000;
}

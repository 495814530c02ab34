/** Nodes that one analysis visits, function bodies and views included; constants are none. */
export const MAX_NODES = 200_000;

/** What one analysis may still take before the rest of it is opaque. */
export interface Budget {
	/** How many more nodes may be visited. */
	left: number;
	/** How deep the tree has been followed. */
	depth: number;
	/** Some of it was left out: a name that isn't found says nothing. */
	cut: boolean;
	/** Its time, which its parts share. */
	readonly clock: AnalysisClock;
}

/**
 * Counts what the process works, not what it waits for on a busy machine; which takes a system call, so that it is
 * looked at only when as much time has passed. Other threads' work counts too: it can be at most too much.
 */
export interface AnalysisClock {
	readonly began: NodeJS.CpuUsage;
	readonly milliseconds: number;
	/** When to look again, as `performance.now()` has it. */
	lookAt: number;
	late: boolean;
}

/** @param milliseconds of work that it may take */
export function newBudget(milliseconds: number): Budget {
	const lookAt = performance.now() + milliseconds;
	const clock = { began: process.cpuUsage(), milliseconds, lookAt, late: false };
	return { left: MAX_NODES, depth: 0, cut: false, clock };
}

/** True once the time is over. */
export function isLate(clock: AnalysisClock): boolean {
	if (clock.late) return true;
	const now = performance.now();
	if (now <= clock.lookAt) return false;
	const { user, system } = process.cpuUsage(clock.began);
	const left = clock.milliseconds - (user + system) / 1_000;
	if (left <= 0) clock.late = true;
	else clock.lookAt = now + left;
	return clock.late;
}

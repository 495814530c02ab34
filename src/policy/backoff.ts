const FIRST_MS = 100;
const FACTOR = 1.6;
const JITTER = 0.2;

/**
 * Milliseconds to wait after that many failures in a row, at least one: longer each time up to `mostMs`, a little
 * random so that many gateways don't come at one moment.
 */
export function backoff(failures: number, mostMs: number): number {
	const wait = Math.min(FIRST_MS * FACTOR ** Math.min(failures - 1, 100), mostMs);
	return wait * (1 + JITTER * (Math.random() * 2 - 1));
}

/** A random time between two bounds, for the same reason. */
export function between(leastMs: number, mostMs: number): number {
	const least = Math.min(leastMs, mostMs);
	return least + Math.random() * (mostMs - least);
}

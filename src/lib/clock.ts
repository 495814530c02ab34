/** The only way in which the rooms read the time, so that a test can set it. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `250ms`, `30s`, `15m`, `8h`, `7d` to milliseconds; undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
	const match = DURATION.exec(text);
	if (match === null) return undefined;
	const unit = match[2] as keyof typeof UNIT_MS;
	return Math.round(Number(match[1]) * UNIT_MS[unit]);
}

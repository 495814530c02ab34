import type { TimeContext } from "./context.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** The policy's `time`, in UTC: rules about office hours name their offset themselves. */
export function timeContext(now: number): TimeContext {
	const date = new Date(now);
	return {
		rfc3339: date.toISOString(),
		unix: Math.floor(now / 1000),
		weekday: WEEKDAYS[date.getUTCDay()] ?? "Sunday",
		hour: date.getUTCHours(),
	};
}

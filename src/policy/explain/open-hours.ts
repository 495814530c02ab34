import { timeContext } from "../../commands/index.ts";
import type { Plain } from "./plain.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** When else in the week that begins with `time` it would go through, by the hour; null for never and for always. */
export function openHours(
	time: Plain,
	goesThrough: (time: Plain) => boolean,
): { readonly text: string; readonly example: Plain } | null {
	const unix = time["unix"];
	const start = typeof unix === "number" ? Math.floor((unix * 1_000) / DAY) * DAY : 0;
	const at = (day: number, hour: number): Plain => ({ ...timeContext(start + day * DAY + hour * HOUR) });
	const days = Array.from({ length: 7 }, (_, day) => ({
		day,
		name: String(at(day, 0)["weekday"]),
		hours: Array.from({ length: 24 }, (__, hour) => goesThrough(at(day, hour))),
	}));
	const open = days.filter(({ hours }) => hours.includes(true));
	const [first] = open;
	if (first === undefined || days.every(({ hours }) => hours.every(Boolean))) return null;
	const byHours = new Map<string, string[]>();
	for (const { name, hours } of open) {
		const text = spans(hours);
		byHours.set(text, [...(byHours.get(text) ?? []), name]);
	}
	const text = [...byHours].map(([hours, names]) => `${names.join(", ")} ${hours} UTC`).join("; ");
	return { text: `on ${text}`, example: at(first.day, first.hours.indexOf(true)) };
}

/** `from 9 to 17`, with each span of hours that are open. */
function spans(hours: readonly boolean[]): string {
	const found: string[] = [];
	for (let from = 0; from < hours.length; from++) {
		if (!hours[from]) continue;
		let to = from;
		while (to < hours.length && hours[to]) to++;
		found.push(`from ${from} to ${to}`);
		from = to;
	}
	return found.join(" and ");
}

import { ZONE_NAMES } from "./zone-names.ts";

/** A time zone: its name as Go has it, and its distance from UTC in seconds at a time. */
export interface Zone {
	readonly name: string;
	/** `seconds` since the epoch. */
	offsetAt(seconds: number): number;
}

export const UTC: Zone = { name: "UTC", offsetAt: () => 0 };

const zones = new Map<string, Zone>();

/** Finds a zone of the IANA database. `Local` is refused: it would depend on the machine. */
export function findZone(name: string): Zone {
	if (name === "" || name === "UTC") return UTC;
	let zone = zones.get(name);
	if (zone === undefined) {
		if (!ZONE_NAMES.has(name)) throw new Error(`unknown time zone ${name}`);
		zone = intlZone(name);
		zones.set(name, zone);
	}
	return zone;
}

/** From the runtime's own copy of the database. */
function intlZone(name: string): Zone {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone: name,
		calendar: "iso8601",
		hourCycle: "h23",
		year: "numeric",
		month: "numeric",
		day: "numeric",
		hour: "numeric",
		minute: "numeric",
		second: "numeric",
	});
	return {
		name,
		offsetAt(seconds) {
			const parts: Record<string, number> = {};
			for (const { type, value } of format.formatToParts(seconds * 1000)) parts[type] = Number(value);
			const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
			return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
		},
	};
}

/** Turns the time of a clock in the zone to seconds since the epoch, as Go's time.Date does around changes. */
export function toUtc(local: number, zone: Zone): number {
	return local - zone.offsetAt(local - zone.offsetAt(local));
}

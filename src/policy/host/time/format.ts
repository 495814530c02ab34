import { fromUnix, splitNanos, toUnix } from "./civil.ts";
import { fromBytes, MONTHS, nextChunk, toBytes, WEEKDAYS } from "./layout.ts";
import type { Zone } from "./zone.ts";

const pad = (value: number, width: number, fill = "0") => String(value).padStart(width, fill);

/**
 * Formats a time as Go's Time.Format does. The abbreviation of a zone other than UTC (`MST` in a layout) is refused:
 * the runtime doesn't know the database's own abbreviations.
 */
export function formatTime(nanos: bigint, zone: Zone, layoutText: string): string {
	const { seconds, fraction } = splitNanos(nanos);
	const offset = zone.offsetAt(seconds);
	const { year, month, day, hour, minute, second } = fromUnix(seconds + offset);
	const weekday = WEEKDAYS[new Date((seconds + offset) * 1000).getUTCDay()] ?? "";
	const midnight = { hour: 0, minute: 0, second: 0 };
	const yearDay =
		(toUnix({ year, month, day, ...midnight }) - toUnix({ year, month: 1, day: 1, ...midnight })) / 86_400 +
		1;
	const monthName = MONTHS[month - 1] ?? "";
	const hour12 = hour % 12 === 0 ? 12 : hour % 12;

	const write = (element: string, digits: number): string => {
		switch (element) {
			case "06":
				return pad(year % 100, 2);
			case "2006":
				return pad(year, 4);
			case "Jan":
				return monthName.slice(0, 3);
			case "January":
				return monthName;
			case "1":
				return String(month);
			case "01":
				return pad(month, 2);
			case "Mon":
				return weekday.slice(0, 3);
			case "Monday":
				return weekday;
			case "2":
				return String(day);
			case "_2":
				return pad(day, 2, " ");
			case "02":
				return pad(day, 2);
			case "__2":
				return pad(yearDay, 3, " ");
			case "002":
				return pad(yearDay, 3);
			case "15":
				return pad(hour, 2);
			case "3":
				return String(hour12);
			case "03":
				return pad(hour12, 2);
			case "4":
				return String(minute);
			case "04":
				return pad(minute, 2);
			case "5":
				return String(second);
			case "05":
				return pad(second, 2);
			case "PM":
				return hour >= 12 ? "PM" : "AM";
			case "pm":
				return hour >= 12 ? "pm" : "am";
			case "MST":
				if (zone.name !== "UTC") throw new Error(`the abbreviation of ${zone.name} is not known`);
				return "UTC";
			case ".0":
			case ",0":
				return `${element[0]}${pad(fraction, 9).padEnd(digits, "0").slice(0, digits)}`;
			case ".9":
			case ",9": {
				const shown = pad(fraction, 9).slice(0, digits).replace(/0+$/, "");
				return shown === "" ? "" : `${element[0]}${shown}`;
			}
			default:
				return formatOffset(element, offset);
		}
	};

	let text = "";
	let layout = toBytes(layoutText);
	while (layout !== "") {
		const { prefix, element, digits, suffix } = nextChunk(layout);
		text += prefix;
		if (element !== undefined) text += write(element, digits);
		layout = suffix;
	}
	return fromBytes(text);
}

function formatOffset(element: string, offset: number): string {
	if (offset === 0 && element.startsWith("Z")) return "Z";
	const minutes = Math.trunc(offset / 60);
	// Go decides the sign by whole minutes.
	const sign = minutes < 0 ? "-" : "+";
	const colon = element.includes(":") ? ":" : "";
	let text = `${sign}${pad(Math.trunc(Math.abs(minutes) / 60), 2)}`;
	if (element.length > "-07".length) text += `${colon}${pad(Math.abs(minutes) % 60, 2)}`;
	if (element.length > "-07:00".length || element === "-070000" || element === "Z070000") {
		// Less than a minute west of Greenwich, Go writes the minus sign here.
		const rest = (minutes < 0 ? -offset : offset) % 60;
		text += `${colon}${rest < 0 ? "-" : ""}${pad(Math.abs(rest), 2)}`;
	}
	return text;
}

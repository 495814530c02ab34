import type { BuiltinGroup } from "../builtin.ts";
import { asString, type Operands } from "../operands.ts";
import { RegoNumber, type RegoValue } from "../values.ts";
import { type Civil, fromUnix, joinNanos, splitNanos, toUnix } from "./civil.ts";
import { parseDurationNanos } from "./duration.ts";
import { formatTime } from "./format.ts";
import { NAMED_LAYOUTS, WEEKDAYS } from "./layout.ts";
import { parseRfc3339Nanos, parseTime } from "./parse.ts";
import { findZone, toUtc, type Zone } from "./zone.ts";

interface ZonedTime {
	readonly nanos: bigint;
	readonly zone: Zone;
	readonly layout: string;
}

/** What the time builtins take: nanoseconds, or an array of them with a zone and a layout. */
function zonedTime(value: RegoValue): ZonedTime {
	const [nanos, zone = "", layout = ""] = Array.isArray(value) ? value : [value];
	if (!(nanos instanceof RegoNumber)) throw new Error("a time must be nanoseconds or [nanoseconds, zone]");
	const exact = nanos.toBigInt();
	if (exact === undefined || exact !== BigInt.asIntN(64, exact)) throw new Error("timestamp too big");
	return {
		nanos: exact,
		zone: findZone(asString(zone, "the zone")),
		layout: asString(layout, "the layout"),
	};
}

/** The time of a clock in the zone. */
function clockTime({ nanos, zone }: ZonedTime): Civil & { unix: number; fraction: number } {
	const { seconds, fraction } = splitNanos(nanos);
	const unix = seconds + zone.offsetAt(seconds);
	return { ...fromUnix(unix), unix, fraction };
}

const numbers = (...values: number[]): RegoValue => values.map((value) => new RegoNumber(value));

function addDate(operands: Operands): RegoValue {
	const time = zonedTime(operands.value(1));
	const [years, months, days] = [operands.integer(2), operands.integer(3), operands.integer(4)].map(Number);
	const clock = clockTime(time);
	const local = toUnix({
		...clock,
		year: clock.year + (years ?? 0),
		month: clock.month + (months ?? 0),
		day: clock.day + (days ?? 0),
	});
	if (Number.isNaN(local)) throw new Error("time outside of valid range");
	return new RegoNumber(joinNanos(toUtc(local, time.zone), clock.fraction));
}

/** Years, months, days, hours, minutes and seconds between two times, both read on a clock of the first one's zone. */
function diff(operands: Operands): RegoValue {
	const first = zonedTime(operands.value(1));
	const second = { ...zonedTime(operands.value(2)), zone: first.zone };
	const [a, b] = first.nanos > second.nanos ? [second, first] : [first, second];
	const from = clockTime(a);
	const to = clockTime(b);
	let year = to.year - from.year;
	let month = to.month - from.month;
	let day = to.day - from.day;
	let hour = to.hour - from.hour;
	let minute = to.minute - from.minute;
	let seconds = to.second - from.second;
	if (seconds < 0) {
		seconds += 60;
		minute--;
	}
	if (minute < 0) {
		minute += 60;
		hour--;
	}
	if (hour < 0) {
		hour += 24;
		day--;
	}
	if (day < 0) {
		const carried = toUnix({ ...from, day: 32 });
		day += 32 - fromUnix(carried).day;
		month--;
	}
	if (month < 0) {
		month += 12;
		year--;
	}
	return numbers(year, month, day, hour, minute, seconds);
}

/** OPA's `time.*`, by v1/topdown/time.go. */
export const TIME_BUILTINS: BuiltinGroup = {
	"time.now_ns": (_operands, context) => new RegoNumber(context.nowNs()),
	"time.parse_ns": (operands) => {
		const layout = operands.string(1);
		return new RegoNumber(parseTime(NAMED_LAYOUTS.get(layout) ?? layout, operands.string(2)));
	},
	"time.parse_rfc3339_ns": (operands) => new RegoNumber(parseRfc3339Nanos(operands.string(1))),
	"time.parse_duration_ns": (operands) => new RegoNumber(parseDurationNanos(operands.string(1))),
	"time.format": (operands) => {
		const { nanos, zone, layout } = zonedTime(operands.value(1));
		const chosen = layout === "" ? "RFC3339Nano" : layout;
		return formatTime(nanos, zone, NAMED_LAYOUTS.get(chosen) ?? chosen);
	},
	"time.date": (operands) => {
		const { year, month, day } = clockTime(zonedTime(operands.value(1)));
		return numbers(year, month, day);
	},
	"time.clock": (operands) => {
		const { hour, minute, second } = clockTime(zonedTime(operands.value(1)));
		return numbers(hour, minute, second);
	},
	"time.weekday": (operands) => {
		const { unix } = clockTime(zonedTime(operands.value(1)));
		return WEEKDAYS[new Date(unix * 1000).getUTCDay()];
	},
	"time.add_date": addDate,
	"time.diff": diff,
};

import { InvalidArgumentError } from "commander";
import { parseDuration } from "../lib/index.ts";
import { type FailOn, parseFailOn } from "../policy/index.ts";

/** Parses an option's value; wrong usage when it is not a whole number from 0 up. */
export function wholeNumber(text: string): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
		throw new InvalidArgumentError("It is not a whole number.");
	return value;
}

/** Parses an instant (RFC 3339, or a date in the viewer's zone) to RFC 3339 in UTC. */
export function instant(text: string): string {
	const time = Date.parse(text);
	if (Number.isNaN(time)) throw new InvalidArgumentError("It is not a time such as 2026-11-26T10:00:00Z.");
	return new Date(time).toISOString();
}

/** A duration as the gateway takes it, from a second up; wrong usage when it is none. */
export function duration(text: string): string {
	if (!/^\d+(\.\d+)?[smhd]$/.test(text))
		throw new InvalidArgumentError("It is not a duration such as 30m, 8h or 90d.");
	return text;
}

/** Parses `7d`, `12h`, `30m` ... before now, or an instant, to RFC 3339 in UTC. */
export function instantOrAge(text: string): string {
	const age = parseDuration(text);
	return age === undefined ? instant(text) : new Date(Date.now() - age).toISOString();
}

/** An option that may be given several times. */
export function several(text: string, before: readonly string[]): string[] {
	return [...before, text];
}

/** Bounds on a report, several of them. */
export function failOn(text: string, before: readonly FailOn[]): FailOn[] {
	const bound = parseFailOn(text);
	if (bound === undefined) throw new InvalidArgumentError("It is not a bound such as newly-denied>0.");
	return [...before, bound];
}

/** Parses a share above 0 and at most 1. */
export function share(text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !(value > 0 && value <= 1))
		throw new InvalidArgumentError("It is not above 0 and at most 1.");
	return value;
}

import { InvalidArgumentError } from "commander";

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

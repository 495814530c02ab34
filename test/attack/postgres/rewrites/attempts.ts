import { randomOf } from "../../../support/wire-sequences.ts";
import { DELIVERIES, deliver, type Write } from "./deliveries.ts";
import { disguise } from "./disguise.ts";
import { EXPRESSIONS } from "./expressions.ts";
import { PLACES, PLACES_18 } from "./places.ts";
import { STATEMENTS, STATEMENTS_15, STATEMENTS_18 } from "./statements.ts";

/** One attempt to have a forbidden statement run. */
export interface Attempt {
	/** What it is, for whoever reads a failure. */
	readonly script: string;
	/** Its statements; the last of them, or one it leads up to, does the harm. */
	readonly texts: readonly string[];
	readonly writes: readonly Write[];
}

const HOW = Object.keys(DELIVERIES);
let numbers = 0;

/** A line of the lists as an attempt, delivered in that way. */
export function attemptOf(
	line: string,
	how = "simple query",
	change: (text: string) => string = (text) => text,
): Attempt {
	numbers += 1;
	const texts = line.replace(/(\w)@/g, `$1${numbers}`).split(";;").map(change);
	return { script: `${how}: ${texts.join(" ;; ")}`, texts, writes: deliver(texts, how) };
}

/** Puts an expression where `?` stands in a place. */
export const placed = (place: string, expression: string): string => place.replace("?", () => expression);

const of = (version: 15 | 18) =>
	version === 15
		? { statements: [...STATEMENTS, ...STATEMENTS_15], places: PLACES }
		: { statements: [...STATEMENTS, ...STATEMENTS_18], places: [...PLACES, ...PLACES_18] };

/** Definitions take no subquery, and some of them only what is IMMUTABLE. */
const fitting = (place: string, at: number): string =>
	/^(CREATE|ALTER|COPY mine|CALL)/.test(place) ? "peek_fixed('x')" : (EXPRESSIONS[at % 3] ?? "");

/**
 * The lists as they stand: each statement, each place with an expression, each expression in a place. Of what both
 * majors have, the newer one gets every fourth.
 */
export function listed(version: 15 | 18): Attempt[] {
	const { statements, places } = of(version);
	const some = (line: string, at: number): boolean =>
		version === 15 || at % 4 === 0 || STATEMENTS_18.includes(line) || PLACES_18.includes(line);
	return [
		...statements.filter(some).map((line) => attemptOf(line)),
		...places.filter(some).map((place, at) => attemptOf(placed(place, fitting(place, at)))),
		...EXPRESSIONS.filter(some).map((expression) =>
			attemptOf(placed("SELECT ?", expression), "extended protocol"),
		),
	];
}

/** An attempt put together at random from the lists; the same seed gives the same one. */
export function generated(seed: number, version: 15 | 18): Attempt {
	const random = randomOf(seed);
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
	const { statements, places } = of(version);
	const line = random() < 0.25 ? pick(statements) : placed(pick(places), pick(EXPRESSIONS));
	return attemptOf(line, pick(HOW), (text) => disguise(text, random));
}

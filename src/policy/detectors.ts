import { RE2JS } from "re2js";
import { describeThrown } from "../lib/index.ts";
import { PolicyError } from "./errors.ts";

/** What the shipped detectors find. Names of a place's own expressions stand beside these. */
export const DETECTOR_KINDS = [
	"email",
	"phone",
	"card",
	"iban",
	"national_id",
	"ip",
	"jwt",
	"private_key",
	"token",
	"password",
	"person",
] as const;
export type DetectorKind = (typeof DETECTOR_KINDS)[number];

/** What a place adds to the shipped detectors, as its policy's data says. */
export interface DetectorSettings {
	/** Own expressions in RE2's syntax, by name. */
	readonly expressions: Readonly<Record<string, string>>;
	/** Names of people; `person` finds these. */
	readonly names: readonly string[];
}

export const NO_DETECTOR_SETTINGS: DetectorSettings = { expressions: {}, names: [] };

const MOST_EXPRESSIONS = 100;
const LONGEST_EXPRESSION = 1_000;
const MOST_NAMES = 100_000;
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Reads `sallyport.packs.pii.expressions` and `.names` of a bundle's data and tries each expression.
 * @param data JSON
 * @throws PolicyError `bundle_detector`: the bundle is refused
 */
export function detectorSettings(data: Uint8Array): DetectorSettings {
	const pii = packOf(JSON.parse(Buffer.from(data).toString("utf8")));
	const { expressions = {}, names = [] } = pii;
	if (!isRecord(expressions) || !Array.isArray(names))
		throw refused("expressions or names are not what they should be");
	if (Object.keys(expressions).length > MOST_EXPRESSIONS)
		throw refused(`there are more than ${MOST_EXPRESSIONS}`);
	if (names.length > MOST_NAMES) throw refused(`there are more than ${MOST_NAMES} names of people`);
	for (const name of names) if (typeof name !== "string") throw refused("a name of a person is not a text");
	for (const [name, pattern] of Object.entries(expressions)) checkExpression(name, pattern);
	return { expressions: expressions as Record<string, string>, names: names as string[] };
}

function checkExpression(name: string, pattern: unknown): void {
	if (!NAME.test(name) || (DETECTOR_KINDS as readonly string[]).includes(name))
		throw refused(`${name} is a shipped detector's name, or not lower-case letters, digits and underscores`);
	if (typeof pattern !== "string" || pattern.length > LONGEST_EXPRESSION)
		throw refused(`${name} is not a text of at most ${LONGEST_EXPRESSION} characters`);
	let matchesNothing: boolean;
	try {
		matchesNothing = RE2JS.compile(pattern).matches("");
	} catch (thrown) {
		throw refused(`${name}: ${describeThrown(thrown)}`);
	}
	if (matchesNothing) throw refused(`${name} matches the empty text`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

function packOf(data: unknown): Record<string, unknown> {
	let at: unknown = data;
	for (const key of ["sallyport", "packs", "pii"]) {
		if (!isRecord(at)) return {};
		at = at[key];
	}
	return isRecord(at) ? at : {};
}

function refused(message: string): PolicyError {
	return new PolicyError("bundle_detector", `the bundle's own detectors: ${message}`);
}

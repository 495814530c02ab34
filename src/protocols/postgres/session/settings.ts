/**
 * Settings that change what a text means, whatever the policy says about them. A server that has them otherwise
 * reads other statements than the gateway does. `row_security` is not one of them: with it off the server raises an error
 * where a policy would have filtered rows, and never shows more of them, so what the analysis says of a statement holds.
 */
export const PINNED: ReadonlyMap<string, string> = new Map([
	["client_encoding", "UTF8"],
	["standard_conforming_strings", "on"],
	["transform_null_equals", "off"],
	["session_replication_role", "origin"],
]);

/** Those that any user may give at start-up; the others are read and have to be right. */
export const PINNED_AT_STARTUP: Readonly<Record<string, string>> = {
	client_encoding: "UTF8",
	standard_conforming_strings: "on",
	transform_null_equals: "off",
};

/** Settings that names depend on: what they are is read from the server after anything that may change them. */
export const TRACKED = ["search_path", "role", "session_authorization"] as const;

/** What the gateway itself listens to, and the server never hears of. */
export const OWN_PREFIX = "sallyport.";

/** True when a value given to a pinned setting is what it already is, in any of the forms that the server takes. */
export function isPinnedValue(name: string, value: string | null): boolean {
	const pinned = PINNED.get(name);
	if (pinned === undefined || value === null) return false;
	const given = value.trim().toLowerCase();
	if (name === "client_encoding") return ENCODINGS.has(given.replace(/[^a-z0-9]/g, ""));
	if (pinned === "on") return ON.has(given);
	if (pinned === "off") return OFF.has(given);
	return given === pinned;
}

const ENCODINGS = new Set(["utf8", "unicode"]);
const ON = new Set(["on", "true", "yes", "1", "t", "y", "tr", "tru", "ye"]);
const OFF = new Set(["off", "false", "no", "0", "f", "n", "of", "fa", "fal", "fals"]);

/** The settings of one session as the server has them. */
export class SessionSettings {
	readonly #values = new Map<string, string>();
	/** Something changed a tracked setting since the transaction began: its end may bring another value back. */
	changedInTransaction = false;

	/** What the server said, by ParameterStatus or in answer to SHOW. Returns the pinned setting that has drifted. */
	report(name: string, value: string): string | null {
		this.#values.set(name, value);
		// In whatever form: the server says UNICODE, and not UTF8, to who asked for it by that name.
		return PINNED.has(name) && !isPinnedValue(name, value) ? name : null;
	}

	get searchPath(): string {
		return this.#values.get("search_path") ?? "";
	}

	/** What the server keeps texts and names in, where that isn't UTF-8. */
	get otherEncoding(): string | undefined {
		const encoding = this.#values.get("server_encoding") ?? "unknown";
		return encoding === "UTF8" ? undefined : encoding;
	}

	/** SET ROLE's role, else the user that the session acts as. */
	get role(): string {
		const role = this.#values.get("role") ?? "none";
		return role === "none" ? (this.#values.get("session_authorization") ?? "") : role;
	}
}

/** True when SET of this name matters to what later texts mean. */
export function matters(name: string): boolean {
	return PINNED.has(name) || (TRACKED as readonly string[]).includes(name);
}

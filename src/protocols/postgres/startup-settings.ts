import { ProtocolError } from "./codec/index.ts";
import { isPinnedValue, OWN_PREFIX, PINNED } from "./session/settings.ts";

/** Settings that a client may bring; none of them changes what a text or a name means without being tracked. */
const ALLOWED = new Set([
	"application_name",
	"bytea_output",
	"client_min_messages",
	"datestyle",
	"default_transaction_deferrable",
	"default_transaction_isolation",
	"default_transaction_read_only",
	"extra_float_digits",
	"geqo",
	"idle_in_transaction_session_timeout",
	"idle_session_timeout",
	"intervalstyle",
	"jit",
	"lock_timeout",
	"plan_cache_mode",
	"search_path",
	"statement_timeout",
	"synchronous_commit",
	"tcp_keepalives_count",
	"tcp_keepalives_idle",
	"tcp_keepalives_interval",
	"tcp_user_timeout",
	"timezone",
	"work_mem",
	"xmloption",
]);

/** Parameters of the StartupMessage that are no settings. */
const NOT_SETTINGS = new Set(["user", "database", "options", "replication"]);

export interface StartupSettings {
	/** For the server. */
	readonly forwarded: Readonly<Record<string, string>>;
	/** For the gateway: `sallyport.reason` and the like, by full name. */
	readonly own: readonly (readonly [string, string])[];
	/** As the policy sees them: all of them, and `options` verbatim. */
	readonly settings: Readonly<Record<string, string>>;
	readonly options: string;
}

/**
 * Sorts a client's start-up settings. Pinned ones are accepted where they are what they are pinned to; so is
 * `client_encoding=SQL_ASCII`, which psql sends from a terminal without a locale, and UTF8 is what it gets.
 * Throws ProtocolError for what may not be set.
 */
export function startupSettings(parameters: ReadonlyMap<string, string>): StartupSettings {
	const forwarded: Record<string, string> = {};
	const settings: Record<string, string> = {};
	const own: [string, string][] = [];
	const options = parameters.get("options") ?? "";
	const given = [...[...parameters].filter(([name]) => !NOT_SETTINGS.has(name)), ...optionSettings(options)];
	for (const [written, value] of given) {
		const name = written.toLowerCase();
		settings[name] = value;
		if (name.startsWith(OWN_PREFIX)) own.push([name, value]);
		else if (PINNED.has(name)) assertPinned(name, value);
		else if (ALLOWED.has(name)) forwarded[name] = value;
		else
			throw new ProtocolError("setting_invalid", `the setting "${name}" can't be given at start-up`, {
				remedy: "leave it out of the connection string and, if policy lets you, SET it afterwards",
			});
	}
	return { forwarded, own, settings, options };
}

function assertPinned(name: string, value: string): void {
	if (isPinnedValue(name, value)) return;
	if (name === "client_encoding" && value.toUpperCase().replace(/[^A-Z]/g, "") === "SQLASCII") return;
	throw new ProtocolError(
		"setting_pinned",
		`the setting "${name}" is pinned to ${PINNED.get(name)} by the gateway`,
	);
}

/** `-c name=value`, `-cname=value` and `--name=value`, split at unescaped spaces as the server does. */
function optionSettings(options: string): [string, string][] {
	const words = splitOptions(options);
	const settings: [string, string][] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as string;
		const assignment =
			word === "-c"
				? (words[++at] ?? "")
				: word.startsWith("-c") || word.startsWith("--")
					? word.slice(2)
					: "";
		const equals = assignment.indexOf("=");
		if (equals < 1) throw new ProtocolError("setting_invalid", `can't take the start-up option "${word}"`);
		settings.push([assignment.slice(0, equals).replaceAll("-", "_"), assignment.slice(equals + 1)]);
	}
	return settings;
}

function splitOptions(options: string): string[] {
	const words: string[] = [];
	let word = "";
	let inWord = false;
	for (let at = 0; at < options.length; at++) {
		const character = options[at] as string;
		if (/\s/.test(character)) {
			if (inWord) words.push(word);
			word = "";
			inWord = false;
			continue;
		}
		inWord = true;
		word += character === "\\" ? (options[++at] ?? "") : character;
	}
	if (inWord) words.push(word);
	return words;
}

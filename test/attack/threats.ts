import type { Threat } from "./postgres/threats.ts";

/** What an attacker tries elsewhere than on the way to the target, and a case of it. */

const CONTROL = "attack/control.test.ts";
const PEOPLE = "attack/approvals/people.test.ts";
const GRANTS = "attack/approvals/grants.test.ts";
const JWT = "attack/identity/jwt.test.ts";
const API_TOKENS = "attack/identity/api-tokens.test.ts";
const ROOMS = "unit/control/rooms.test.ts";
const OPERATORS = "acceptance/operators.test.ts";
const TAMPERING = "attack/record/tampering.test.ts";
const ENGINE = "unit/policy/engine.test.ts";
const RUNTIME = "unit/policy/runtime.test.ts";

const PAST_HTTP: readonly Threat[] = [
	{ threat: "a TLS handshake that stalls", shownBy: [[CONTROL, "stalls in its handshake or its headers"]] },
	{
		threat: "headers and bodies without end",
		shownBy: [
			["unit/control/guard.test.ts", "drops a client whose headers"],
			["unit/control/guard.test.ts", "a body over the limit"],
		],
	},
	{ threat: "PROXY protocol and forwarded headers", shownBy: [[CONTROL, "PROXY TCP4"]] },
	{ threat: "another site's page", shownBy: [[CONTROL, "another site's page can do nothing"]] },
	{ threat: "two requests in one", shownBy: [[CONTROL, "two requests are not hidden in one"]] },
	{ threat: "markup in SQL texts", shownBy: [[ROOMS, "under a policy that lets no other script run"]] },
	{
		threat: "open redirects and paths out of a place",
		shownBy: [[CONTROL, "no id, name or path leads out of its place"]],
	},
	{
		threat: "archives that unpack to too much, or out of their place",
		shownBy: [
			[CONTROL, "unpacks to more than the limit"],
			[CONTROL, "a link or a path out of itself"],
		],
	},
];

const PAST_THE_PEOPLE: readonly Threat[] = [
	{ threat: "approving one's own request", shownBy: [[PEOPLE, "one's own request can't be answered"]] },
	{ threat: "a second account", shownBy: [[PEOPLE, "a second account of the same person"]] },
	{ threat: "a token of the same person", shownBy: [[PEOPLE, "a token that she made asks, or answers"]] },
	{ threat: "on behalf of", shownBy: [[PEOPLE, "what an agent asks for on her behalf"]] },
	{ threat: "two answers at once", shownBy: [[GRANTS, "two answers at once"]] },
	{
		threat: "an approval that outlives its window, its session or its policy",
		shownBy: [
			[GRANTS, "a grant that outlives its window"],
			[GRANTS, "a rule that changed after the approval"],
		],
	},
	{
		threat: "a command shown shorter than it runs",
		shownBy: [[GRANTS, "a command that is shown shorter than it runs"]],
	},
	{
		threat: "live views and replays by those who may not",
		shownBy: [
			[ROOMS, "lists only those that the caller may read"],
			[ROOMS, "show nothing more to whoever lost the right to see it"],
		],
	},
	{
		threat: "tokens in URLs and logs",
		shownBy: [
			[CONTROL, "/api/v1/whoami?token=dana-token"],
			[CONTROL, "tokens stand in no answer and no line of the log"],
			[JWT, "nothing of a token stands in the log"],
		],
	},
	{
		threat: "a revoked or expired token on an open session",
		shownBy: [
			[OPERATORS, "and then ends its session"],
			[API_TOKENS, "a revoked token stays revoked after a restart"],
		],
	},
	{
		threat: "JWTs with `none`, a wrong audience, a swapped key, a far `iat`",
		shownBy: [
			[JWT, "alg none"],
			[JWT, "a wrong audience"],
			[JWT, "an HMAC with the issuer's public key"],
			[JWT, "issued in the future or long ago"],
		],
	},
	{
		threat: "one issuer's token for another's",
		shownBy: [[JWT, "another issuer's key, with this issuer's name"]],
	},
];

const PAST_THE_POLICY_AND_THE_RECORD: readonly Threat[] = [
	{
		threat: "a bundle unsigned, or signed by another key",
		shownBy: [["acceptance/delivery.test.ts", "an unsigned one and one by another key are not"]],
	},
	{
		threat: "a bundle older than the active one",
		shownBy: [[RUNTIME, "a bundle older than the active one is refused"]],
	},
	{
		threat: "a bundle too large, or without entrypoints",
		shownBy: [
			["unit/policy/archive.test.ts", "too many entries, too much in them"],
			[RUNTIME, "without an entrypoint"],
		],
	},
	{
		threat: "a policy that loops or throws",
		shownBy: [
			[RUNTIME, "a policy that loops, or whose builtin fails"],
			[ENGINE, "ends by the budget"],
		],
	},
	{
		threat: "input that makes evaluation throw, or that reads as undefined",
		shownBy: [[ENGINE, "an escaped lone surrogate"]],
	},
	{
		threat: "builtins that are missing",
		shownBy: [["unit/policy-build/build.test.ts", "a builtin that the gateway can't run is refused"]],
	},
	{ threat: "regular expressions that backtrack", shownBy: [[ENGINE, "(a*)*b"]] },
	{
		threat: "events cut, changed, reordered, swapped between sessions",
		shownBy: [
			[TAMPERING, "the newest log cut behind"],
			[TAMPERING, "every byte of the record counts"],
			[TAMPERING, "two swapped lines show"],
			[TAMPERING, "two commands swapped between sessions"],
		],
	},
	{ threat: "a full disk", shownBy: [["unit/recording/full-disk.test.ts", "ENOSPC"]] },
	{
		threat: "a crash between decision and forward, and between forward and record",
		shownBy: [
			["unit/recording/kill.test.ts", "kill -9 loses nothing"],
			["acceptance/survival.test.ts", "after kill -9 the record verifies"],
		],
	},
	{
		threat: "a store that stalls",
		shownBy: [["unit/store/store.test.ts", "a store that another process keeps locked"]],
	},
	{
		threat: "passwords that get into the record",
		shownBy: [["unit/protocols/postgres/redactions.test.ts", "S3cr3t"]],
	},
];

export const THREATS_ELSEWHERE: readonly Threat[] = [
	...PAST_HTTP,
	...PAST_THE_PEOPLE,
	...PAST_THE_POLICY_AND_THE_RECORD,
];

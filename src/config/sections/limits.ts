import { Closed, Duration, type Static, Type } from "../../lib/index.ts";

const properties = Closed({
	sessions: Type.Integer({
		minimum: 1,
		maximum: 100_000,
		default: 500,
		description: "Open sessions over all listeners; one more is told `too many connections` (53300).",
	}),
	handshakes: Type.Integer({
		minimum: 1,
		maximum: 100_000,
		default: 200,
		description: "Client connections that have not authenticated yet; one more is closed.",
	}),
	handshake_timeout: Duration("How long a client may take from its first byte to a session.", "10s"),
	message_bytes: Type.Integer({
		minimum: 65_536,
		maximum: 1_073_741_823,
		default: 67_108_864,
		description: "The largest message taken from a client.",
	}),
	server_message_bytes: Type.Integer({
		minimum: 65_536,
		maximum: 1_073_741_823,
		default: 268_435_456,
		description:
			"The largest message of a server's that is held in memory: a row that is masked, counted or recorded, for one. Rows that pass as they are do so in parts and may be larger.",
	}),
	sql_bytes: Type.Integer({
		minimum: 1_024,
		maximum: 16_777_216,
		default: 1_048_576,
		description: "The largest SQL text that is parsed; a longer one is refused.",
	}),
	sql_depth: Type.Integer({
		minimum: 16,
		maximum: 10_000,
		default: 500,
		description: "How deeply a SQL text may nest.",
	}),
	parse_cache_bytes: Type.Integer({
		minimum: 65_536,
		maximum: 1_073_741_823,
		default: 8_388_608,
		description:
			"How much of SQL texts and their trees (as JSON) is kept for each major version, so that a text is parsed and analysed once. In memory it is ten times as much, and more where texts are short.",
	}),
	parse_timeout: Duration("How long one SQL text may take to parse.", "2s"),
	analysis_timeout: Duration(
		"How much work one SQL text may be to analyse, during which nobody else is served; what is not done by then can't be judged (opaque).",
		"500ms",
	),
	waiting_bytes: Type.Integer({
		minimum: 4_096,
		maximum: 1_073_741_823,
		default: 1_048_576,
		description:
			"What a client may send ahead of the command that is being dealt with; when more has come, nothing is read from it until that is done.",
	}),
	held_bytes: Type.Integer({
		minimum: 4_096,
		maximum: 1_073_741_823,
		default: 16_777_216,
		description:
			"The same while a command is held for approval, where a client must be read to be seen leaving: more than this (and than `limits.waiting_bytes`) withdraws the request.",
	}),
	statements_per_session: Type.Integer({
		minimum: 1,
		maximum: 100_000,
		default: 2_000,
		description: "Prepared statements that one session may hold.",
	}),
	portals_per_session: Type.Integer({
		minimum: 1,
		maximum: 100_000,
		default: 500,
		description: "Portals (open cursors) that one session may hold.",
	}),
	decision_budget: Type.Integer({
		minimum: 10_000,
		maximum: 1_000_000_000,
		default: 1_000_000,
		description:
			"Units that one policy decision may spend (an ordinary one takes about 2,000); over it: denied.",
	}),
	schema_staleness: Duration(
		"Changes to a target's schema that don't come through the gateway are noticed within this time.",
		"1s",
	),
	drain_timeout: Duration("How long SIGTERM waits for open sessions to end before it cuts them.", "30s"),
});

/** What keeps one client from using the gateway up. */
export const LimitsConfig = Type.Unsafe<Static<typeof properties>>({ ...properties, default: {} });
export type LimitsConfig = Static<typeof LimitsConfig>;

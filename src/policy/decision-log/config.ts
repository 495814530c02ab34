import { Closed, later, type Static, StringEnum, Type } from "../../lib/index.ts";

const ReportingFields = Closed({
	buffer_type: Type.Unsafe<"size" | "event">({
		...StringEnum(["size", "event"]),
		default: "size",
		description:
			"What the buffer is bounded by: the bytes of its packed chunks, or the number of its events.",
	}),
	buffer_size_limit_bytes: Type.Optional(
		Type.Integer({
			minimum: 1,
			description:
				"The size buffer's bound; beyond it the oldest chunks are dropped, and counted. Default: 64 MiB.",
		}),
	),
	buffer_size_limit_events: Type.Optional(
		Type.Integer({
			minimum: 1,
			description:
				"The event buffer's bound; beyond it the oldest events are dropped, and counted. Default: 10000.",
		}),
	),
	upload_size_limit_bytes: Type.Integer({
		minimum: 90,
		maximum: 4_294_967_296,
		default: 32_768,
		description: "The largest upload, compressed. An event that is larger by itself is dropped, and counted.",
	}),
	min_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 300,
		description: "Least time between two uploads.",
	}),
	max_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 600,
		description: "Most time between two uploads, and between two tries after failures.",
	}),
	max_decisions_per_second: Type.Optional(
		Type.Number({ minimum: 0.001, description: "More decisions than this are dropped, and counted." }),
	),
	trigger: Type.Unsafe<"periodic" | "manual" | "immediate">({
		...StringEnum(["periodic", "manual", "immediate"]),
		default: "periodic",
		description:
			"`immediate`: a chunk is uploaded as soon as it is full. `manual`: only by `sallyport bundle trigger` or SIGHUP.",
	}),
});

/** Where decisions are logged to. The names, the events' format and the uploads are OPA's. */
export const DecisionLogs = Type.Object(
	{
		service: Type.Optional(
			Type.String({
				description: "The name in `services`, else the first of them unless `console` is on.",
			}),
		),
		partition_name: Type.Optional(
			Type.String({ pattern: "^[^/?#\\s]*$", description: "Uploads go to `/logs/NAME`." }),
		),
		resource: Type.String({
			default: "/logs",
			description: "The path on the service that chunks are posted to; `partition_name` goes before it.",
		}),
		console: Type.Boolean({ default: false, description: "Whether events go to the log as well." }),
		mask_decision: Type.String({
			default: "/system/log/mask",
			description:
				"The rule that says what is erased or replaced in an event, in the bundle as an entrypoint.",
		}),
		drop_decision: Type.String({
			default: "/system/log/drop",
			description: "The rule that says whether an event is dropped, in the bundle as an entrypoint.",
		}),
		nd_builtin_cache: Type.Boolean({
			default: false,
			description: "Whether events carry what non-deterministic builtins answered.",
		}),
		reporting: Type.Unsafe<Static<typeof ReportingFields>>({ ...ReportingFields, default: {} }),
	},
	{ additionalProperties: false, ...later("plugin", "request_context") },
);
export type DecisionLogsConfig = Static<typeof DecisionLogs>;
export type ReportingConfig = Static<typeof ReportingFields>;

import { Closed, StringEnum, Type } from "../../../lib/index.ts";
import { ownResource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { SessionList } from "../../schemas/sessions.ts";
import type { App } from "../../server.ts";
import { endedSessions } from "../../sessions.ts";
import { sessionResource } from "./resource.ts";

const RECORDED = 200;

const Query = Closed({
	state: Type.Optional(
		Type.Unsafe<"open" | "all">({
			...StringEnum(["open", "all"]),
			description: "`open`, or `all`: the recorded ones too.",
		}),
	),
	limit: Type.Optional(
		Type.Integer({ minimum: 1, maximum: 1_000, description: "How many of the recorded ones." }),
	),
});

/** Open sessions, and on request those that ended; of both only those that the caller may show. */
export function listSessions(app: App, { guard, ports }: Control): void {
	app.get(
		"/api/v1/sessions",
		{
			config: {
				access: {
					action: "sessions:list",
					resource: (_request, caller) => ownResource("session", caller),
					recorded: false,
				},
			},
			schema: { summary: "Sessions", querystring: Query, response: { 200: SessionList, ...guardedFailures } },
		},
		async (request) => {
			const ended =
				request.query.state === "all" ? await endedSessions(request.query.limit ?? RECORDED, ports) : [];
			const sessions = [...ports.sessions.list(), ...ended]
				.filter((session) => guard.allows(request, "sessions:read", sessionResource(session)))
				.sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
			return { sessions };
		},
	);
}

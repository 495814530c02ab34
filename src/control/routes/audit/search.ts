import { Readable } from "node:stream";
import { Closed, Type } from "../../../lib/index.ts";
import { type ReadEvent, searchRecord } from "../../../recording/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { Instant } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Query = Closed({
	text: Type.Optional(
		Type.String({ minLength: 1, maxLength: 1_000, description: "Somewhere in the event's values." }),
	),
	type: Type.Optional(Type.String({ maxLength: 64 })),
	session: Type.Optional(Type.String({ maxLength: 128 })),
	action: Type.Optional(Type.String({ maxLength: 64, description: "The decision's: allow, deny, mask ..." })),
	since: Type.Optional(Instant),
	until: Type.Optional(Instant),
	limit: Type.Optional(
		Type.Integer({ minimum: 0, maximum: 10_000, description: "At most this many; 0: all. Default: 1000." }),
	),
});

/** Events of the record, an event a line (`application/x-ndjson`), oldest first. The search is itself recorded. */
export function searchAudit(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/audit",
		{
			config: { access: { action: "audit:read", resource: () => resource("record"), recorded: true } },
			schema: { summary: "Search the record", querystring: Query, produces: ["application/x-ndjson"] },
		},
		async (request, reply) =>
			reply
				.type("application/x-ndjson")
				.send(Readable.from(lines(searchRecord(ports.recordDirectory, request.query)))),
	);
}

async function* lines(events: AsyncIterable<ReadEvent>): AsyncGenerator<string> {
	for await (const { seq, time, session, type, fields } of events) {
		yield `${JSON.stringify({ seq, time, session, type, ...fields })}\n`;
	}
}

import { Readable } from "node:stream";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { IdParameters } from "../../schemas/common.ts";
import type { RecordedEvent } from "../../schemas/sessions.ts";
import type { App } from "../../server.ts";
import { findSession, namedSession } from "./resource.ts";

/** What a session's record holds, an event a line (`application/x-ndjson`), for replay. Being looked at is recorded. */
export function sessionEvents(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/sessions/:id/events",
		{
			config: {
				access: {
					action: "sessions:replay",
					resource: (request) => namedSession(request, ports),
					recorded: true,
				},
			},
			schema: {
				summary: "A session's recorded events",
				params: IdParameters,
				produces: ["application/x-ndjson"],
			},
		},
		async (request, reply) => {
			const { id } = request.params;
			if ((await findSession(id, ports)) === undefined)
				throw new ControlError("not_found", `There is no session ${id}.`);
			return reply.type("application/x-ndjson").send(Readable.from(lines(ports.recordings.events(id))));
		},
	);
}

async function* lines(events: AsyncIterable<RecordedEvent>): AsyncGenerator<string> {
	for await (const event of events) yield `${JSON.stringify(event)}\n`;
}

import { Readable } from "node:stream";
import { type ReplayStep, replay } from "../../../recording/index.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { IdParameters } from "../../schemas/common.ts";
import type { ReplayLine } from "../../schemas/sessions.ts";
import type { App } from "../../server.ts";
import { findSession } from "../../sessions.ts";
import { namedSession } from "./resource.ts";

/** A session as it went, a step a line (`application/x-ndjson`). That somebody looked is itself recorded. */
export function replaySession(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/sessions/:id/replay",
		{
			config: {
				access: {
					action: "sessions:replay",
					resource: (request) => namedSession(request, ports),
					recorded: true,
				},
			},
			schema: {
				summary: "A session's recorded steps",
				params: IdParameters,
				produces: ["application/x-ndjson"],
			},
		},
		async (request, reply) => {
			const { id } = request.params;
			if ((await findSession(id, ports)) === undefined) {
				throw new ControlError("not_found", `There is no session ${id}.`);
			}
			return reply.type("application/x-ndjson").send(Readable.from(lines(replay(ports.recordDirectory, id))));
		},
	);
}

async function* lines(steps: AsyncIterable<ReplayStep>): AsyncGenerator<string> {
	for await (const { at, gap, event, lines: shown } of steps) {
		const line: ReplayLine = {
			at,
			gap,
			time: event.time,
			type: event.type,
			lines: shown,
			fields: event.fields,
		};
		yield `${JSON.stringify(line)}\n`;
	}
}

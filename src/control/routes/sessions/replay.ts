import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Closed, Type } from "../../../lib/index.ts";
import { followSession, type ReplayStep, replay, steps } from "../../../recording/index.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { IdParameters } from "../../schemas/common.ts";
import type { ReplayLine } from "../../schemas/sessions.ts";
import type { App } from "../../server.ts";
import { findSession } from "../../sessions.ts";
import { namedSession } from "./resource.ts";

const Query = Closed({
	follow: Type.Optional(Type.Boolean({ description: "Go on with what happens, to the session's end." })),
});

/** A session as it went, a step a line (`application/x-ndjson`). That somebody looked is itself recorded. */
export function replaySession(app: App, control: Control): void {
	const { ports } = control;
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
				querystring: Query,
				produces: ["application/x-ndjson"],
			},
		},
		async (request, reply) => {
			const { id } = request.params;
			if ((await findSession(id, ports)) === undefined) {
				throw new ControlError("not_found", `There is no session ${id}.`);
			}
			const shown = request.query.follow
				? followed(control, id, request, reply)
				: replay(ports.recordDirectory, id);
			return reply.type("application/x-ndjson").send(Readable.from(lines(shown)));
		},
	);
}

/** Whoever loses the right to watch sees nothing of what happens from then on. */
function followed(
	{ guard, ports }: Control,
	id: string,
	request: FastifyRequest,
	reply: FastifyReply,
): AsyncGenerator<ReplayStep> {
	const gone = new AbortController();
	reply.raw.on("close", () => gone.abort());
	return steps(
		followSession(ports.recordDirectory, id, {
			goesOn: () => ports.sessions.get(id) !== undefined,
			maySee: () => guard.again(request),
			signal: gone.signal,
		}),
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

import { Readable } from "node:stream";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import type { ImpactLine } from "../../ports.ts";
import { ARCHIVE_TYPES } from "../../schemas/common.ts";
import { RecordedSpan } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";

/**
 * What a candidate bundle, the body, would have decided otherwise: a line each (`application/x-ndjson`) for what
 * changes, for progress, and at last the report. Nothing of the candidate comes into force.
 */
export function replayPolicy(app: App, { ports }: Control): void {
	app.register(async (scope: App) => {
		scope.addContentTypeParser([...ARCHIVE_TYPES], { parseAs: "buffer" }, (_request, body, done) =>
			done(null, body),
		);
		scope.post(
			"/api/v1/policy/impact",
			{
				bodyLimit: ports.bundleLimits.bytes,
				config: {
					access: { action: "policy:impact", resource: () => resource("policy", "impact"), recorded: true },
				},
				schema: {
					summary: "Replay recorded commands through a candidate",
					consumes: [...ARCHIVE_TYPES],
					produces: ["application/x-ndjson"],
					querystring: RecordedSpan,
				},
			},
			async (request, reply) => {
				if (!Buffer.isBuffer(request.body)) throw new ControlError("media_type_unsupported");
				const { since, until, connection = [] } = request.query;
				const lines = await ports.policyReplay.start({
					archive: request.body,
					since,
					until,
					connections: connection,
				});
				return reply.type("application/x-ndjson").send(Readable.from(texts(lines)));
			},
		);
	});
}

async function* texts(lines: AsyncIterable<ImpactLine>): AsyncGenerator<string> {
	for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

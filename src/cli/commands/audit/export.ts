import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type AddCommand, gatewayCommand, openGateway } from "../../context.ts";
import { CliError } from "../../errors.ts";
import type { GatewayOptions } from "../../gateway.ts";
import { instantOrAge } from "../../values.ts";

interface Options extends GatewayOptions {
	readonly since?: string;
	readonly until?: string;
	readonly output?: string;
}

export const auditExport: AddCommand = (parent, context) => {
	gatewayCommand(parent, "export", context)
		.description("write the record's events out, the oldest first, as JSON, an event a line")
		.option("--since <time>", "at or after: an age (7d, 12h) or a time; all if absent", instantOrAge)
		.option("--until <time>", "before", instantOrAge)
		.option("-o, --output <file>", "a new file that only its owner can read; else stdout")
		.action(async (options: Options) => {
			const query = new URLSearchParams({ limit: "0" });
			if (options.since !== undefined) query.set("since", options.since);
			if (options.until !== undefined) query.set("until", options.until);
			const events = openGateway(options, context).lines<object>(`api/v1/audit?${query}`);
			if (options.output === undefined) {
				for await (const event of events) context.terminal.raw(`${JSON.stringify(event)}\n`);
				return;
			}
			const work = write(events, options.output);
			const count = await context.terminal.during("exporting", work);
			context.terminal.line(`${options.output}: ${count} events`);
		});
};

/** Never over a file that is there: it may be the only export of what the record no longer holds. */
async function write(events: AsyncIterable<object>, path: string): Promise<number> {
	const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
	try {
		await once(file, "open");
		let count = 0;
		for await (const event of events) {
			count++;
			if (!file.write(`${JSON.stringify(event)}\n`)) await once(file, "drain");
		}
		file.end();
		await finished(file);
		return count;
	} catch (cause) {
		file.destroy();
		if (cause instanceof Error && "code" in cause && "syscall" in cause)
			throw new CliError("file_unwritable", `${path} can't be written: ${cause.message}`, { cause });
		throw cause;
	}
}

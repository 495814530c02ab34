import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";
import { instant, wholeNumber } from "../../values.ts";

interface Options extends ListOptions {
	readonly type?: string;
	readonly session?: string;
	readonly action?: string;
	readonly since?: string;
	readonly until?: string;
	readonly limit?: number;
}

interface Event {
	readonly seq: number;
	readonly time: string;
	readonly session: string | null;
	readonly type: string;
}

export const auditSearch: AddCommand = (parent, context) => {
	gatewayCommand(parent, "search [text]", context)
		.description("search the record for events, the oldest first")
		.option("--type <type>", "command, approval, outcome, session_start, admin ...")
		.option("--session <id>", "of one session")
		.option("--action <action>", "the decision's: allow, deny, mask, require_approval")
		.option("--since <time>", "at or after, such as 2026-11-26T10:00:00Z", instant)
		.option("--until <time>", "before", instant)
		.option("--limit <number>", "at most this many, 0 for all; 1000", wholeNumber)
		.option("--json", "as JSON, an event a line")
		.action(async (text: string | undefined, options: Options) => {
			const { type, session, action, since, until, limit, json } = options;
			const query = new URLSearchParams();
			for (const [name, value] of Object.entries({ text, type, session, action, since, until, limit })) {
				if (value !== undefined) query.set(name, String(value));
			}
			for await (const event of openGateway(options, context).lines<Event>(`api/v1/audit?${query}`)) {
				if (json) {
					context.terminal.raw(`${JSON.stringify(event)}\n`);
					continue;
				}
				const { seq, time, session: of, type: what, ...fields } = event;
				context.terminal.line(`${localTime(time)}  ${of ?? "-"}  ${what}  ${JSON.stringify(fields)}`);
			}
		});
};

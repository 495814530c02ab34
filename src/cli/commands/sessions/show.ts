import type { SessionAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

export const sessionsShow: AddCommand = (parent, context) => {
	gatewayCommand(parent, "show <id>", context)
		.description("show a session, open or recorded")
		.option("--json", "as JSON")
		.action(async (id: string, options: ListOptions) => {
			const path = `api/v1/sessions/${encodeURIComponent(id)}`;
			const session = await openGateway(options, context).json<SessionAnswer>("GET", path);
			if (options.json) return context.terminal.json(session);
			const { principal, connection } = session;
			const labels = Object.entries(connection.labels).map(([key, value]) => `${key}=${value}`);
			context.terminal.facts([
				["id", session.id],
				["state", session.state],
				["who", `${principal.subject} (${principal.kind}, ${principal.provider})`],
				["connection", [connection.name, ...labels].join(" ")],
				["database", session.database],
				["from", session.client_address],
				["started", localTime(session.started_at)],
				["ended", session.ended_at === null ? null : localTime(session.ended_at)],
				["reason", session.end_reason],
				["commands", String(session.commands)],
			]);
		});
};

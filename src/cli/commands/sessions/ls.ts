import type { SessionAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

interface Options extends ListOptions {
	readonly all?: true;
}

export const sessionsLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list open sessions")
		.option("--all", "the recorded ones too, the newest 200")
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const path = `api/v1/sessions${options.all ? "?state=all" : ""}`;
			const { sessions } = await openGateway(options, context).json<{ sessions: SessionAnswer[] }>(
				"GET",
				path,
			);
			if (options.json) return context.terminal.json(sessions);
			context.terminal.table(
				["ID", "WHO", "KIND", "CONNECTION", "DATABASE", "FROM", "STARTED", "COMMANDS", "STATE"],
				sessions.map((session) => [
					session.id,
					session.principal.subject,
					session.principal.kind,
					session.connection.name,
					session.database,
					session.client_address,
					localTime(session.started_at),
					String(session.commands),
					session.state === "open" ? "open" : (session.end_reason ?? "ended"),
				]),
				options.all ? "There are no sessions that you may see." : "No session is open that you may see.",
			);
		});
};

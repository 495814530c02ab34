import type { LockAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";
import { duration } from "../../values.ts";

interface Options extends ListOptions {
	readonly message?: string;
	readonly expires?: string;
}

export const lockAdd: AddCommand = (parent, context) => {
	gatewayCommand(parent, "add <target>", context)
		.description("keep somebody, a group or a connection out: open sessions end, new ones are refused")
		.option("--message <text>", "what those who are kept out are told")
		.option("--expires <duration>", "as 30m, 8h or 7d; else until it is removed", duration)
		.option("--json", "as JSON")
		.addHelpText(
			"after",
			"\nThe target is user:PROVIDER/SUBJECT, group:PROVIDER/NAME (a provider * is any) or connection:NAME.\n" +
				"A locked user keeps out whoever acts for them as well.",
		)
		.action(async (target: string, { message, expires, ...options }: Options) => {
			const lock = await openGateway(options, context).json<LockAnswer>("POST", "api/v1/locks", {
				target,
				...(message === undefined ? {} : { message }),
				...(expires === undefined ? {} : { expires_in: expires }),
			});
			if (options.json) return context.terminal.json(lock);
			const until = lock.expires_at === null ? "until it is removed" : `until ${localTime(lock.expires_at)}`;
			context.terminal.line(`locked ${lock.target} ${until}: ${lock.id}`);
		});
};

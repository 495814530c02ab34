import type { LockAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

export const lockLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list the locks in force")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const { locks } = await openGateway(options, context).json<{ locks: LockAnswer[] }>(
				"GET",
				"api/v1/locks",
			);
			if (options.json) return context.terminal.json(locks);
			context.terminal.table(
				["ID", "TARGET", "MESSAGE", "MADE", "BY", "EXPIRES"],
				locks.map((lock) => [
					lock.id,
					lock.target,
					lock.message,
					localTime(lock.created_at),
					lock.created_by,
					lock.expires_at === null ? "never" : localTime(lock.expires_at),
				]),
				"No lock is in force.",
			);
		});
};

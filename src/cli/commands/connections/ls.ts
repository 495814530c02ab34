import type { ConnectionAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";

export const connectionsLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list connections")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const gateway = openGateway(options, context);
			const { connections } = await gateway.json<{ connections: ConnectionAnswer[] }>(
				"GET",
				"api/v1/connections",
			);
			if (options.json) return context.terminal.json(connections);
			context.terminal.table(
				["NAME", "TYPE", "LABELS", "DATABASES", "REACHED AT"],
				connections.map(({ name, type, labels, databases, endpoint }) => [
					name,
					type,
					Object.entries(labels)
						.map(([key, value]) => `${key}=${value}`)
						.join(",") || "-",
					databases.join(",") || "-",
					`${endpoint.host}:${endpoint.port}`,
				]),
				"There are no connections.",
			);
		});
};

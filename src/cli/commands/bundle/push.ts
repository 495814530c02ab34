import type { PublishedBundle } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { readBytes } from "../../files.ts";

export const bundlePush: AddCommand = (parent, context) => {
	gatewayCommand(parent, "push <name> <file>", context)
		.description("publish a bundle on the gateway's bundle server")
		.option("--json", "as JSON")
		.action(async (name: string, file: string, options: ListOptions) => {
			const archive = await readBytes(file);
			const path = `bundles/${encodeURIComponent(name)}`;
			const pushed = await openGateway(options, context).upload<PublishedBundle>(
				path,
				archive,
				"application/gzip",
			);
			if (options.json) return context.terminal.json(pushed);
			context.terminal.line(
				`${pushed.name}: revision ${pushed.revision}, sequence ${pushed.sequence ?? "-"}, in force`,
			);
		});
};

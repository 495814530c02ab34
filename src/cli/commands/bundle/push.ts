import { Option } from "commander";
import type { PublishedBundle } from "../../answers.ts";
import { commitOf } from "../../commit.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { readBytes } from "../../files.ts";
import { inForceWhere } from "../../published.ts";

interface Options extends ListOptions {
	readonly channel?: string;
	readonly commit?: string;
}

export const bundlePush: AddCommand = (parent, context) => {
	gatewayCommand(parent, "push <name> <file>", context)
		.description("publish a bundle on the bundle server")
		.addOption(
			new Option("--channel <name>", "where it comes into force; none only keeps it")
				.choices(["stable", "canary", "none"])
				.default("stable"),
		)
		.option(
			"--commit <id>",
			"what it was built from; else CI's own variable, or git's HEAD in this directory",
		)
		.option("--json", "as JSON")
		.action(async (name: string, file: string, { channel, commit, ...options }: Options) => {
			const archive = await readBytes(file);
			const query = new URLSearchParams({ channel: channel ?? "stable" });
			const from = commit ?? (await commitOf(context.env));
			if (from !== undefined) query.set("commit", from);
			const pushed = await openGateway(options, context).upload<PublishedBundle>(
				`bundles/${encodeURIComponent(name)}?${query}`,
				archive,
				"application/gzip",
			);
			if (options.json) return context.terminal.json(pushed);
			context.terminal.line(inForceWhere(pushed));
		});
};

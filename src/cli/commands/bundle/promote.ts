import { InvalidArgumentError, Option } from "commander";
import type { PublishedBundle } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { inForceWhere } from "../../published.ts";

interface Options extends ListOptions {
	readonly channel: "stable" | "canary";
	readonly label?: Readonly<Record<string, string>>;
	readonly share?: number;
}

export const bundlePromote: AddCommand = (parent, context) => {
	gatewayCommand(parent, "promote <name> [revision]", context)
		.description("put a published revision in force on a channel; else the one on the canary channel")
		.addOption(
			new Option("--channel <name>", "the channel").choices(["stable", "canary"]).makeOptionMandatory(),
		)
		.option("--label <key=value>", "canaries: gateways with this label; several have to hold together", label)
		.option("--share <percent>", "canaries: this share of all gateways", percent)
		.option("--json", "as JSON")
		.addHelpText(
			"after",
			"\nA revision is an etag or the beginning of one, a revision's name, or a channel. Sequences only rise:\nwhat is older than what a channel has goes by `bundle rollback`.",
		)
		.action(async (name: string, revision: string | undefined, options: Options) => {
			const { channel, label: labels, share } = options;
			const some = labels !== undefined || share !== undefined;
			const promoted = await openGateway(options, context).json<PublishedBundle>(
				"POST",
				`api/v1/bundles/${encodeURIComponent(name)}/promote`,
				{
					revision: revision ?? "canary",
					channel,
					...(some ? { canaries: { labels: labels ?? null, share: share ?? 0 } } : {}),
				},
			);
			if (options.json) return context.terminal.json(promoted);
			context.terminal.line(inForceWhere(promoted));
		});
};

function label(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
	const [, key, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
	if (key === undefined || value === undefined) throw new InvalidArgumentError("It is not KEY=VALUE.");
	return { ...earlier, [key]: value };
}

function percent(text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !(value >= 0 && value <= 100))
		throw new InvalidArgumentError("It is not a number from 0 to 100.");
	return value;
}

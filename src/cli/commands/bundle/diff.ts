import { type BundleDifference, compareBundles } from "../../../policy/index.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { readBytes } from "../../files.ts";
import type { Terminal } from "../../terminal.ts";

export const bundleDiff: AddCommand = (parent, context) => {
	gatewayCommand(parent, "diff <name> <from> [to]", context)
		.description("show what changes from one published revision to another, or from one file to another")
		.option("--json", "as JSON")
		.addHelpText(
			"after",
			"\nWith three arguments: a bundle's name and two of its revisions, each an etag or the beginning of one, a\nrevision's name, or a channel. With two: archives on this machine.",
		)
		.action(async (first: string, second: string, third: string | undefined, options: ListOptions) => {
			const { terminal } = context;
			const difference =
				third === undefined
					? await compareBundles(await readBytes(first), await readBytes(second))
					: await openGateway(options, context).json<BundleDifference>(
							"GET",
							`api/v1/bundles/${encodeURIComponent(first)}/diff?${new URLSearchParams({ from: second, to: third })}`,
						);
			if (options.json) return terminal.json(difference);
			show(difference, terminal);
		});
};

function show({ from, to, same, files, data, truncated }: BundleDifference, terminal: Terminal): void {
	terminal.heading(`${from.revision} (${from.sequence ?? "-"}) -> ${to.revision} (${to.sequence ?? "-"})`);
	if (same) terminal.line("They say the same.");
	for (const { path, change, lines } of files) {
		terminal.line(`${change}: ${path}`);
		for (const line of lines?.split("\n") ?? []) terminal.line(`  ${line}`);
	}
	for (const { path, before, after } of data) {
		terminal.line(`data ${path}: ${before ?? "(nothing)"} -> ${after ?? "(nothing)"}`);
	}
	if (truncated) terminal.note("More data differ than are listed.");
}

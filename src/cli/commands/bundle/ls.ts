import type { BundleOverview } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

export const bundleLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list what the bundle server has published")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const { published } = await openGateway(options, context).json<BundleOverview>("GET", "api/v1/bundles");
			if (options.json) return context.terminal.json(published);
			context.terminal.table(
				["NAME", "REVISION", "SEQUENCE", "SIGNED", "PUSHED", "BY", "COMMIT", "ETAG", "IN FORCE"],
				published.map((bundle) => [
					bundle.name,
					bundle.revision,
					String(bundle.sequence ?? "-"),
					bundle.signed ? "yes" : "no",
					localTime(bundle.pushed_at),
					bundle.pushed_by,
					bundle.commit?.replace(/^([0-9a-f]{12})[0-9a-f]{28}/, "$1") ?? "-",
					bundle.etag.slice(0, 12),
					bundle.channels.join(" ") || "-",
				]),
				"Nothing was published here.",
			);
		});
};

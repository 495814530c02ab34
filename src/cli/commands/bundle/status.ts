import type { BundleOverview } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

export const bundleStatus: AddCommand = (parent, context) => {
	gatewayCommand(parent, "status", context)
		.description("show the policy in force and how fetching the bundles goes")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const { terminal } = context;
			const { active, bundles } = await openGateway(options, context).json<BundleOverview>(
				"GET",
				"api/v1/bundles",
			);
			if (options.json) return terminal.json({ active, bundles });
			terminal.line(
				active === null
					? "No policy is in force: everything is denied."
					: `In force: ${active.revision}, since ${localTime(active.activated_at)}`,
			);
			terminal.table(
				["BUNDLE", "REVISION", "FROM", "ACTIVATED", "LAST TRIED", "PROBLEM"],
				bundles.map(({ name, active_revision, origin, last_activation, last_attempt, error }) => [
					name,
					active_revision ?? "-",
					origin ?? "-",
					localTime(last_activation),
					localTime(last_attempt),
					error === null ? "-" : `${error.message} (${error.code}): ${error.remedy}`,
				]),
				"No bundles are configured.",
			);
		});
};

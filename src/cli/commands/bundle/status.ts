import type { BundleOverview } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime, type Terminal } from "../../terminal.ts";

export const bundleStatus: AddCommand = (parent, context) => {
	gatewayCommand(parent, "status", context)
		.description(
			"show the policy in force, how fetching the bundles goes, and what gateways report to this one",
		)
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const { terminal } = context;
			const { active, bundles, discovery, mask_faults, gateways } = await openGateway(
				options,
				context,
			).json<BundleOverview>("GET", "api/v1/bundles");
			if (options.json) return terminal.json({ active, bundles, discovery, mask_faults, gateways });
			terminal.line(
				active === null
					? "No policy is in force: everything is denied."
					: `In force: ${active.revision}, since ${localTime(active.activated_at)}`,
			);
			terminal.table(
				["BUNDLE", "REVISION", "FROM", "ACTIVATED", "LAST TRIED", "PROBLEM"],
				[...bundles, ...(discovery === null ? [] : [discovery])].map(
					({ name, active_revision, origin, last_activation, last_attempt, error }) => [
						name,
						active_revision ?? "-",
						origin ?? "-",
						localTime(last_activation),
						localTime(last_attempt),
						error === null ? "-" : `${error.message} (${error.code}): ${error.remedy}`,
					],
				),
				"No bundles are configured.",
			);
			for (const { connection, code, message, remedy, denied_at } of mask_faults) {
				terminal.line();
				terminal.line(`On ${connection} ${message} (${code}), ${localTime(denied_at)}: ${remedy}`);
			}
			if (gateways.length > 0) showGateways(gateways, terminal);
		});
};

/** A line a gateway and bundle, as it reported them. */
function showGateways(gateways: BundleOverview["gateways"], terminal: Terminal): void {
	terminal.line();
	terminal.table(
		["GATEWAY", "LABELS", "BUNDLE", "REVISION", "SINCE", "REPORTED", "PROBLEM"],
		gateways.flatMap(({ id, labels, reported_at, bundles }) => {
			const others = Object.entries(labels).filter(([key]) => key !== "id");
			return bundles.map((bundle) => [
				id,
				others.map(([key, value]) => `${key}=${value}`).join(" ") || "-",
				bundle.name,
				bundle.active_revision ?? "-",
				localTime(bundle.active_since),
				localTime(reported_at),
				bundle.code === null ? "-" : `${bundle.message ?? ""} (${bundle.code})`,
			]);
		}),
		"No gateway has reported a bundle.",
	);
}

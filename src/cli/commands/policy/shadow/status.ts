import type { ShadowStatus } from "../../../../policy/index.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../../context.ts";
import { showImpact } from "../../../impact-report.ts";
import { localTime } from "../../../terminal.ts";

export const shadowStatus: AddCommand = (parent, context) => {
	gatewayCommand(parent, "status", context)
		.description("show what the candidate would have decided otherwise since it was started")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const { terminal } = context;
			const status = await openGateway(options, context).json<ShadowStatus>("GET", "api/v1/policy/shadow");
			if (options.json) return terminal.json(status);
			showImpact(status.report, terminal, "asked about");
			terminal.facts([
				["since", localTime(status.since)],
				["share", `${status.share * 100} %`],
				[
					"dropped",
					status.dropped === 0 ? null : `${status.dropped} decisions, because the candidate was behind`,
				],
				["ended", status.ended],
			]);
		});
};

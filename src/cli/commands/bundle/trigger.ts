import { Option } from "commander";
import type { BundleOverview } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { CliError } from "../../errors.ts";

interface Options extends ListOptions {
	readonly plugin: "bundle" | "discovery" | "status" | "decision_logs";
}

/** What a `trigger: manual` waits for; a bundle that could not be taken is a failure. */
export const bundleTrigger: AddCommand = (parent, context) => {
	gatewayCommand(parent, "trigger [name]", context)
		.description("make the gateway fetch its bundles now, or one of them, or send its reports")
		.addOption(
			new Option("--plugin <name>", "what is to act")
				.choices(["bundle", "discovery", "status", "decision_logs"])
				.default("bundle"),
		)
		.option("--json", "as JSON")
		.action(async (name: string | undefined, options: Options) => {
			const { terminal } = context;
			const asked = { plugin: options.plugin, ...(name === undefined ? {} : { bundle: name }) };
			const gateway = openGateway(options, context);
			const { bundles } = await terminal.during(
				"fetching",
				gateway.json<Pick<BundleOverview, "bundles">>("POST", "api/v1/policy/trigger", asked),
			);
			const shown =
				options.plugin === "bundle" ? bundles.filter((each) => name === undefined || each.name === name) : [];
			if (options.json) terminal.json({ bundles: shown });
			else
				for (const { name: bundle, active_revision: revision, error } of shown)
					terminal.line(
						error === null ? `${bundle}: ${revision}` : `${bundle}: ${error.message} (${error.code})`,
					);
			const failed = shown.find(({ error }) => error !== null);
			if (failed !== undefined)
				throw new CliError("bundle_not_taken", undefined, { remedy: failed.error?.remedy ?? "" });
		});
};

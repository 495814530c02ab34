import { Option } from "commander";
import { renumber } from "../../../policy/build/index.ts";
import type { PublishedBundle } from "../../answers.ts";
import { commitOf } from "../../commit.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { GatewayFailure } from "../../errors.ts";
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
			const gateway = openGateway(options, context);
			const path = `bundles/${encodeURIComponent(name)}?${query}`;
			const upload = (content: Uint8Array<ArrayBuffer>) =>
				gateway.upload<PublishedBundle>(path, content, "application/gzip");
			const pushed = await upload(archive).catch(async (thrown: unknown) => {
				if (!(thrown instanceof GatewayFailure) || thrown.code !== "bundle_conflict") throw thrown;
				// Its sources are older than those in force. A signed one has its number under the signature.
				const renumbered = await renumber(archive);
				if (renumbered === undefined) throw thrown;
				context.terminal.note(`${thrown.message} It is published with the sequence ${renumbered.sequence}.`);
				return upload(Uint8Array.from(renumbered.archive));
			});
			if (options.json) return context.terminal.json(pushed);
			context.terminal.line(inForceWhere(pushed));
		});
};

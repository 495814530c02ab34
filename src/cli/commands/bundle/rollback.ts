import { Option } from "commander";
import { republish, type SigningKey } from "../../../policy/build/index.ts";
import type { BundleOverview, PublishedBundle } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { CliError } from "../../errors.ts";
import type { Gateway } from "../../gateway.ts";
import { inForceWhere } from "../../published.ts";
import { type SignOptions, signingKey, withSigning } from "../../signing.ts";

interface Options extends ListOptions, SignOptions {
	readonly to?: string;
	readonly channel: "stable" | "canary";
}

/**
 * Publishes an earlier content with a higher sequence. The sequence is under the signature: a signed bundle is
 * fetched, numbered and signed anew here, with the key that never leaves this machine.
 */
export const bundleRollback: AddCommand = (parent, context) => {
	withSigning(gatewayCommand(parent, "rollback <name>", context))
		.description("publish an earlier revision again, with a higher sequence")
		.option("--to <revision>", "which one; else the one before that in force, for the canary what is stable")
		.addOption(
			new Option("--channel <name>", "the channel that goes back")
				.choices(["stable", "canary"])
				.default("stable"),
		)
		.option("--json", "as JSON")
		.action(async (name: string, options: Options) => {
			const gateway = openGateway(options, context);
			const key = await signingKey(options, context.env);
			const { to, channel } = options;
			const pushed =
				key === undefined
					? await leaveToServer(gateway, name, to, channel)
					: await signAnew(gateway, name, await findTarget(gateway, name, to, channel), channel, key);
			if (options.json) return context.terminal.json(pushed);
			context.terminal.line(inForceWhere(pushed));
		});
};

interface Target {
	readonly earlier: PublishedBundle;
	/** Of all revisions. */
	readonly highest: number;
}

async function findTarget(
	gateway: Gateway,
	name: string,
	to: string | undefined,
	channel: Options["channel"],
): Promise<Target> {
	const { published } = await gateway.json<BundleOverview>("GET", "api/v1/bundles");
	const own = published.filter((bundle) => bundle.name === name);
	const stable = own.findIndex((bundle) => bundle.current);
	const earlier =
		to !== undefined
			? own.find(({ etag, revision }) => revision === to || etag.startsWith(to))
			: channel === "canary"
				? own[stable]
				: stable === -1
					? undefined
					: own[stable + 1];
	if (earlier === undefined) throw new CliError("nothing_earlier");
	return { earlier, highest: Math.max(...own.map(({ sequence }) => sequence ?? 0)) };
}

function leaveToServer(
	gateway: Gateway,
	name: string,
	to: string | undefined,
	channel: Options["channel"],
): Promise<PublishedBundle> {
	const path = `api/v1/bundles/${encodeURIComponent(name)}/rollback`;
	return gateway.json<PublishedBundle>("POST", path, { channel, ...(to === undefined ? {} : { to }) });
}

async function signAnew(
	gateway: Gateway,
	name: string,
	{ earlier, highest }: Target,
	channel: Options["channel"],
	signKey: SigningKey,
): Promise<PublishedBundle> {
	const path = `bundles/${encodeURIComponent(name)}`;
	const archive = await gateway.bytes(`${path}?etag=${earlier.etag}`);
	const sequence = Math.max(highest + 1, Date.now());
	const signed = await republish(archive, { sequence, signKey });
	const query = new URLSearchParams({
		channel,
		...(earlier.commit === null ? {} : { commit: earlier.commit }),
	});
	return gateway.upload<PublishedBundle>(
		`${path}?${query}`,
		Uint8Array.from(signed.archive),
		"application/gzip",
	);
}

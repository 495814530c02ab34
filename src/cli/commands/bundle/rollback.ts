import { republish, type SigningKey } from "../../../policy/build/index.ts";
import type { BundleOverview, PublishedBundle } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { CliError } from "../../errors.ts";
import type { Gateway } from "../../gateway.ts";
import { type SignOptions, signingKey, withSigning } from "../../signing.ts";

interface Options extends ListOptions, SignOptions {
	readonly to?: string;
}

/**
 * Publishes an earlier content with a higher sequence. The sequence is under the signature: a signed bundle is
 * fetched, numbered and signed anew here, with the key that never leaves this machine.
 */
export const bundleRollback: AddCommand = (parent, context) => {
	withSigning(gatewayCommand(parent, "rollback <name>", context))
		.description("publish an earlier revision again")
		.option("--to <etag>", "which one, by its etag or the beginning of it; else the one before that in force")
		.option("--json", "as JSON")
		.action(async (name: string, options: Options) => {
			const gateway = openGateway(options, context);
			const target = await findTarget(gateway, name, options.to);
			const key = await signingKey(options);
			const pushed =
				key === undefined ? await leaveToServer(gateway, target) : await signAnew(gateway, target, key);
			if (options.json) return context.terminal.json(pushed);
			context.terminal.line(
				`${pushed.name}: revision ${pushed.revision}, sequence ${pushed.sequence ?? "-"}, in force`,
			);
		});
};

interface Target {
	readonly earlier: PublishedBundle;
	readonly inForce: PublishedBundle;
}

async function findTarget(gateway: Gateway, name: string, to: string | undefined): Promise<Target> {
	const { published } = await gateway.json<BundleOverview>("GET", "api/v1/bundles");
	const own = published.filter((bundle) => bundle.name === name);
	const inForce = own.find((bundle) => bundle.current);
	const matching = own.filter(
		(bundle) => !bundle.current && (to === undefined || bundle.etag.startsWith(to)),
	);
	const [earlier] = matching;
	if (inForce === undefined || earlier === undefined) throw new CliError("nothing_earlier");
	return { earlier, inForce };
}

function leaveToServer(gateway: Gateway, { earlier }: Target): Promise<PublishedBundle> {
	const path = `api/v1/bundles/${encodeURIComponent(earlier.name)}/rollback`;
	return gateway.json<PublishedBundle>("POST", path, { etag: earlier.etag });
}

async function signAnew(
	gateway: Gateway,
	{ earlier, inForce }: Target,
	signKey: SigningKey,
): Promise<PublishedBundle> {
	const path = `bundles/${encodeURIComponent(earlier.name)}`;
	const archive = await gateway.bytes(`${path}?etag=${earlier.etag}`);
	const sequence = Math.max((inForce.sequence ?? 0) + 1, Date.now());
	const signed = await republish(archive, { sequence, signKey });
	return gateway.upload<PublishedBundle>(path, Uint8Array.from(signed.archive), "application/gzip");
}

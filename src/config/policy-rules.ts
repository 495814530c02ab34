import type { PolicyConfig } from "../policy/index.ts";
import type { RuleProblem } from "./rule-problem.ts";

type Sections = Omit<PolicyConfig, "persistence_directory">;
type Path = RuleProblem["path"];

/** What has to hold between services, keys, bundles and the plugins that use them. */
export function policyProblems(config: Sections): RuleProblem[] {
	return [
		...bundleProblems(config),
		...Object.entries(config.services).flatMap(([name, service]) => serviceProblems(config, name, service)),
		...discoveryProblems(config),
		...serviceNamed(config, ["status", "service"], config.status?.service),
		...decisionLogProblems(config),
		...Object.entries(config.keys).flatMap(([name, { key, private_key }]): RuleProblem[] =>
			key !== undefined || private_key !== undefined
				? []
				: [problem(["keys", name], "The key has neither half.", "Give `key`, or `private_key`.")],
		),
	];
}

function bundleProblems(config: Sections): RuleProblem[] {
	return Object.entries(config.bundles).flatMap(([name, bundle]): RuleProblem[] => {
		const path = ["bundles", name];
		const local = bundle.resource.startsWith("file://");
		const source = local
			? bundle.service === undefined
				? []
				: [
						problem(
							[...path, "service"],
							`The bundle \`${name}\` has a service and a file:// resource.`,
							"Remove one of them.",
						),
					]
			: bundle.service === undefined
				? [
						problem(
							[...path, "resource"],
							`The bundle \`${name}\` has no service.`,
							"Name one of `services`, or write file://PATH.",
						),
					]
				: serviceNamed(config, [...path, "service"], bundle.service);
		return [
			...source,
			...signingProblems(config, path, bundle.signing),
			...pollingProblems(path, bundle.polling),
		];
	});
}

function discoveryProblems(config: Sections): RuleProblem[] {
	const { discovery } = config;
	if (discovery === undefined) return [];
	const path = ["discovery"];
	const noService = problem(path, "Discovery has no service.", "Name one of `services`.");
	return [
		...(discovery.service === undefined ? [noService] : []),
		...serviceNamed(config, [...path, "service"], discovery.service),
		...signingProblems(config, path, discovery.signing),
		...pollingProblems(path, discovery.polling),
		...(discovery.resource.startsWith("file://")
			? [problem([...path, "resource"], "Discovery asks a service.", "Name a path on it.")]
			: []),
	];
}

function signingProblems(
	{ keys }: Sections,
	path: Path,
	signing: Sections["bundles"][string]["signing"],
): RuleProblem[] {
	if (signing === undefined) return [];
	const { keyid } = signing;
	const here = [...path, "signing"];
	const verifying = Object.entries(keys).filter(([, { key }]) => key !== undefined);
	if (keyid === undefined) {
		return verifying.length > 0
			? []
			: [problem(here, "There is no key to verify signatures with.", "Add one under `keys`.")];
	}
	if (verifying.some(([name]) => name === keyid)) return [];
	const message = Object.hasOwn(keys, keyid)
		? `The key \`${keyid}\` has no public half.`
		: `There is no key \`${keyid}\`.`;
	return [problem([...here, "keyid"], message, "Add it under `keys`.")];
}

function pollingProblems(path: Path, polling: Sections["bundles"][string]["polling"]): RuleProblem[] {
	const { min_delay_seconds: least, max_delay_seconds: most } = polling;
	if (least <= most) return [];
	const remedy = `Set both; max_delay_seconds is ${most} here.`;
	return [problem([...path, "polling"], "min_delay_seconds is more than max_delay_seconds.", remedy)];
}

function decisionLogProblems(config: Sections): RuleProblem[] {
	const logs = config.decision_logs;
	if (logs === undefined) return [];
	const { reporting } = logs;
	const path = ["decision_logs", "reporting"];
	const problems = serviceNamed(config, ["decision_logs", "service"], logs.service);
	if (reporting.min_delay_seconds > reporting.max_delay_seconds) {
		const remedy = `Set both; max_delay_seconds is ${reporting.max_delay_seconds} here.`;
		problems.push(problem(path, "min_delay_seconds is more than max_delay_seconds.", remedy));
	}
	const isOther = reporting.buffer_type === "event" ? "buffer_size_limit_bytes" : "buffer_size_limit_events";
	if (reporting[isOther] !== undefined) {
		const message = `\`${isOther}\` does not bound a buffer of type \`${reporting.buffer_type}\`.`;
		problems.push(problem([...path, isOther], message, "Remove it, or choose the other buffer_type."));
	}
	if (reporting.buffer_size_limit_bytes !== undefined && reporting.max_decisions_per_second !== undefined) {
		const message = "Both buffer_size_limit_bytes and max_decisions_per_second are given.";
		problems.push(problem(path, message, "Give one of them, as OPA asks."));
	}
	return problems;
}

function serviceProblems(
	{ keys }: Sections,
	name: string,
	{ credentials = {} }: Sections["services"][string],
): RuleProblem[] {
	const path = ["services", name, "credentials"];
	const { bearer, oauth2, s3_signing: aws, gcp_metadata: gcp } = credentials;
	const problems: RuleProblem[] = [];
	if (Object.keys(credentials).length > 1)
		problems.push(problem(path, "The service has several credentials.", "Keep one of them."));
	if (bearer !== undefined && (bearer.token === undefined) === (bearer.token_path === undefined))
		problems.push(problem([...path, "bearer"], "A bearer has one token.", "Give `token` or `token_path`."));
	if (gcp !== undefined && (gcp.audience === undefined) === (gcp.scopes === undefined)) {
		const message = "A token of Google's is for an audience or has scopes.";
		problems.push(problem([...path, "gcp_metadata"], message, "Give `audience` or `scopes`."));
	}
	const sources = [aws?.environment_credentials, aws?.profile_credentials, aws?.metadata_credentials];
	if (aws !== undefined && sources.filter((source) => source !== undefined).length !== 1)
		problems.push(
			problem(
				[...path, "s3_signing"],
				"The signature needs credentials from one place.",
				"Give `environment_credentials: {}`, `profile_credentials` or `metadata_credentials`.",
			),
		);
	if (oauth2 !== undefined) problems.push(...oauthProblems(keys, [...path, "oauth2"], oauth2));
	return problems;
}

type OAuth2 = NonNullable<NonNullable<Sections["services"][string]["credentials"]>["oauth2"]>;

function oauthProblems(keys: Sections["keys"], path: Path, oauth2: OAuth2): RuleProblem[] {
	const { signing_key: signing } = oauth2;
	if (signing !== undefined && keys[signing]?.private_key === undefined) {
		const message = `There is no key \`${signing}\` with a \`private_key\`.`;
		return [problem([...path, "signing_key"], message, "Add it under `keys`.")];
	}
	if (oauth2.grant_type === "jwt_bearer") {
		return signing === undefined
			? [problem(path, "The grant `jwt_bearer` needs a `signing_key`.", "Name one of `keys`.")]
			: [];
	}
	const proofs = ["client_secret", "signing_key", "client_assertion", "client_assertion_path"] as const;
	const given = proofs.filter((proof) => oauth2[proof] !== undefined);
	if (given.length !== 1) {
		const message = "The client proves itself in exactly one way.";
		return [problem(path, message, `Give one of ${proofs.join(", ")}.`)];
	}
	return oauth2.client_id === undefined && signing === undefined
		? [problem(path, "The client has no `client_id`.", "Add it.")]
		: [];
}

function serviceNamed({ services }: Sections, path: Path, name: string | undefined): RuleProblem[] {
	if (name === undefined || Object.hasOwn(services, name)) return [];
	return [problem(path, `There is no service \`${name}\`.`, "Add it under `services`.")];
}

const problem = (path: Path, message: string, remedy: string): RuleProblem => ({ path, message, remedy });

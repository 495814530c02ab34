import { dirname } from "node:path";
import { Type } from "../lib/index.ts";
import { type PolicyConfig, PolicyError, policyProperties } from "../policy/index.ts";
import { ProblemList, readDocument } from "./document.ts";
import type { Schema } from "./json-schema.ts";
import { finishPolicy, isPublicKey } from "./policy-finish.ts";
import { policyProblems } from "./policy-rules.ts";
import { allLoopback } from "./rules.ts";
import type { Config } from "./schema.ts";
import { Walker } from "./walk.ts";

const { discovery: _, ...discoverable } = policyProperties;
const DiscoveredSchema = Type.Object(discoverable, { additionalProperties: false });

/**
 * The policy's sections as a discovery bundle has them, together with those of the file, which stand above them: by
 * name in `services`, `bundles`, `keys` and `labels`, and as a whole for `status` and `decision_logs`. Paths are
 * relative to the file. Throws PolicyError discovery_invalid with all mistakes.
 */
export function readDiscovered(
	json: string,
	boot: Config,
	env: Readonly<Record<string, string | undefined>> = process.env,
): PolicyConfig {
	const problems = new ProblemList("the discovered configuration");
	const literals: string[] = [];
	const written = readDocument(json, problems);
	const walker = new Walker(problems, {
		file: boot.file,
		env,
		literalSecret: (_offset, path) => literals.push(path),
	});
	const loaded = written && walker.walk(DiscoveredSchema as unknown as Schema, written, "");
	if (problems.problems.length > 0) throw invalid(problems.problems.map(({ message }) => message));
	const found = loaded as PolicyConfig;
	refuseReplacements(found, boot);
	const sections: PolicyConfig = {
		services: { ...found.services, ...boot.services },
		bundles: { ...found.bundles, ...boot.bundles },
		keys: { ...found.keys, ...boot.keys },
		labels: { ...found.labels, ...boot.labels },
		status: boot.status ?? found.status,
		decision_logs: boot.decision_logs ?? found.decision_logs,
		persistence_directory: boot.persistence_directory,
	};
	finishPolicy(sections, dirname(boot.file));
	const secrets = allLoopback(boot) ? [] : literals.filter((path) => !isPublicKey(sections.keys, path));
	const wrong = [
		...policyProblems(sections).map(({ message }) => message),
		...secrets.map((path) => `\`${path}\` is a secret written out.`),
	];
	if (wrong.length > 0) throw invalid(wrong);
	return sections;
}

/** What the discovery bundle itself hangs on can't come from it: a mistake there could not be undone. */
function refuseReplacements(found: PolicyConfig, { services, keys, discovery }: Config): void {
	const service = discovery?.service ?? "";
	if (Object.hasOwn(found.services, service) && Object.hasOwn(services, service))
		throw invalid([`The service \`${service}\`, which discovery asks, can't be changed by it.`]);
	const key = Object.keys(found.keys).find((name) => Object.hasOwn(keys, name));
	if (key !== undefined) throw invalid([`The key \`${key}\` of the file can't be changed by discovery.`]);
}

function invalid(messages: readonly string[]): PolicyError {
	return new PolicyError("discovery_invalid", undefined, { operator: messages.join(" ") });
}

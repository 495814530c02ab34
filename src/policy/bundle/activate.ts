import { PolicyEngine } from "../engine/engine.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "../engine/limits.ts";
import { smokeTest } from "../engine/smoke.ts";
import { reuseOf } from "../reuse.ts";
import { type Bundle, mergeData } from "./bundle.ts";
import { dependsOnParameters } from "./depends.ts";
import type { ExactObject } from "./json.ts";
import { outside, rootsOverlap } from "./roots.ts";

/**
 * Makes one policy of all bundles that are to be in force together: the one that carries the entrypoints and the
 * data of all. Answers undefined when none carries them yet. Nothing is in force until the caller puts it there;
 * throws PolicyError when they don't fit together or the policy doesn't run.
 */
export async function assemble(
	bundles: ReadonlyMap<string, Bundle>,
	now: number,
	limits: EngineLimits = DEFAULT_LIMITS,
): Promise<PolicyEngine | undefined> {
	checkRoots(bundles);
	const carriers = [...bundles].filter(([, bundle]) => bundle.wasm !== undefined);
	if (carriers.length > 1) {
		throw outside(`the bundles ${carriers.map(([name]) => name).join(" and ")} both carry a policy`);
	}
	const [name, carrier] = carriers[0] ?? [];
	if (name === undefined || carrier?.wasm === undefined) return undefined;
	const data: ExactObject = Object.create(null);
	for (const [origin, bundle] of bundles) mergeData(data, bundle.data, origin);
	const others = [...bundles].filter(([other]) => other !== name);
	const policy = await PolicyEngine.compile(
		{
			revision: [carrier.revision, ...others.map(([other, bundle]) => `${other}@${bundle.revision}`)].join(
				" ",
			),
			wasm: carrier.wasm,
			data: Buffer.from(JSON.stringify(data)),
			dependsOnParameters: dependsOnParameters(carrier.manifest.sallyport),
			reuse: reuseOf(carrier.manifest.sallyport.depends?.["sallyport/command"]),
		},
		now,
		limits,
	);
	smokeTest(policy);
	return policy;
}

function checkRoots(bundles: ReadonlyMap<string, Bundle>): void {
	const owned = [...bundles].flatMap(([name, bundle]) =>
		bundle.manifest.roots.map((root) => ({ name, root })),
	);
	for (const [i, a] of owned.entries()) {
		for (const b of owned.slice(i + 1)) {
			if (rootsOverlap(a.root, b.root))
				throw outside(`'${a.root}' of ${a.name} and '${b.root}' of ${b.name} overlap`);
		}
	}
}

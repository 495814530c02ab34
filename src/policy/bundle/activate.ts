import { detectorSettings } from "../detectors.ts";
import { compileModule } from "../engine/compile.ts";
import { PolicyEngine, type ReadyPolicy } from "../engine/engine.ts";
import { makeImage } from "../engine/image.ts";
import type { EngineLimits } from "../engine/limits.ts";
import type { CompiledModule } from "../engine/policy-module.ts";
import { trial } from "../engine/trial.ts";
import { reuseOf } from "../reuse.ts";
import { joinRevision } from "../revision.ts";
import { type Bundle, dataOfAll } from "./bundle.ts";
import { dependsOnParameters } from "./depends.ts";
import { outside, rootsOverlap } from "./roots.ts";

/**
 * Makes one policy of all bundles that are to be in force together: the one that carries the entrypoints and the
 * data of all. It is compiled, tried and warm. Answers undefined when none carries them yet. Nothing is in force
 * until the caller puts it there; throws PolicyError when they don't fit together or the policy doesn't run.
 *
 * It takes the thread for as long as the work needs: a gateway asks the policy thread.
 */
export async function assemble(
	bundles: ReadonlyMap<string, Bundle>,
	limits: EngineLimits,
	compile: (wasm: Uint8Array) => Promise<CompiledModule> = compileModule,
): Promise<ReadyPolicy | undefined> {
	checkRoots(bundles);
	const carriers = [...bundles].filter(([, bundle]) => bundle.wasm !== undefined);
	if (carriers.length > 1) {
		throw outside(`the bundles ${carriers.map(([name]) => name).join(" and ")} both carry a policy`);
	}
	const [name, carrier] = carriers[0] ?? [];
	if (name === undefined || carrier?.wasm === undefined) return undefined;
	const others = [...bundles].filter(([other]) => other !== name);
	const compiled = await compile(carrier.wasm);
	const data = dataOfAll(bundles);
	const ready: ReadyPolicy = {
		revision: joinRevision(
			carrier.revision,
			new Map(others.map(([other, { revision }]) => [other, revision])),
		),
		bundles: Object.fromEntries([...bundles].map(([each, { revision }]) => [each, { revision }])),
		module: { ...compiled, image: makeImage(compiled, data, limits.maximumPages) },
		detectors: detectorSettings(data),
		dependsOnParameters: dependsOnParameters(carrier.manifest.sallyport),
		reuse: reuseOf(carrier.manifest.sallyport.depends?.["sallyport/command"]),
		rules: carrier.manifest.sallyport.rules ?? [],
	};
	trial(new PolicyEngine(ready, limits, 0));
	return ready;
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

import { timeContext } from "../../commands/index.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { isExactObject, parseExact } from "../bundle/json.ts";
import { NO_DETECTOR_SETTINGS } from "../detectors.ts";
import { compileModule } from "../engine/compile.ts";
import { PolicyEngine } from "../engine/engine.ts";
import { makeImage } from "../engine/image.ts";
import { DEFAULT_LIMITS } from "../engine/limits.ts";
import { PolicyError } from "../errors.ts";

/**
 * The configuration that a discovery bundle holds, as JSON: what its module answers at the decision, or what its data has
 * there. `decision` is a path, empty for all of the data. Throws PolicyError.
 */
export async function discoveredDocument(bundle: Bundle, decision: string, now: number): Promise<string> {
	const path = decision.replace(/^\/+|\/+$/g, "").replaceAll(".", "/");
	if (bundle.manifest.wasm.some(({ entrypoint }) => entrypoint === path)) return askModule(bundle, path, now);
	let here = parseExact("data.json", bundle.data);
	for (const part of path === "" ? [] : path.split("/")) {
		const below = isExactObject(here) && Object.hasOwn(here, part) ? here[part] : undefined;
		if (below === undefined) throw undecided(path);
		here = below;
	}
	return JSON.stringify(here);
}

async function askModule(bundle: Bundle, entrypoint: string, now: number): Promise<string> {
	const compiled = await compileModule(bundle.wasm ?? new Uint8Array(), [entrypoint]);
	const engine = new PolicyEngine(
		{
			revision: bundle.revision,
			bundles: {},
			module: { ...compiled, image: makeImage(compiled, bundle.data, DEFAULT_LIMITS.maximumPages) },
			dependsOnParameters: { allow: true, deny: true, require_approval: true },
			reuse: null,
			detectors: NO_DETECTOR_SETTINGS,
			rules: [],
		},
		DEFAULT_LIMITS,
		now,
	);
	const [answer] = engine.ask(entrypoint, JSON.stringify({ time: timeContext(now) }));
	if (answer === undefined) throw undecided(entrypoint);
	return JSON.stringify(answer.result);
}

function undecided(path: string): PolicyError {
	return new PolicyError("discovery_invalid", undefined, { operator: `there is nothing at ${path}` });
}

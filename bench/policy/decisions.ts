import { decisionFigures } from "../postgres/decisions.ts";
import { find } from "../postgres/subjects.ts";
import { cedarFigures } from "./cedar.ts";
import { line, target } from "./lines.ts";

/** One decision of the shipped policy on a small statement, beside others' engines on this machine. */
export async function benchDecisions(): Promise<void> {
	const opa = find("opa", []);
	const { inputBytes, fresh, repeated, opaServer } = await decisionFigures(opa);
	console.log(`decisions: the default policy, an input of ${inputBytes} bytes, ${fresh.cost} budget units`);
	target("fresh, p50", fresh.p50, 60, "us");
	target("fresh, p99", fresh.p99, 300, "us");
	target("repeated, p50", repeated.p50, 3, "us");
	if (opaServer === null) console.log("  opa run --server: there is no opa on this machine");
	else {
		line("opa run --server over loopback, p50", opaServer.p50, "us");
		target("opa's server, of ours", opaServer.p50 / fresh.p50, 20, "times", "at least");
	}
	const cedar = await cedarFigures();
	if (typeof cedar === "string") console.log(`  cedar-wasm: ${cedar}`);
	else line("cedar-wasm, three rules of the like in its own language, p50", cedar.p50, "us");
	console.log("  regorus: no package of the npm registry by that name");
	console.log("  @cerbos/embedded: runs only bundles that Cerbos's own service builds");
	console.log("");
}

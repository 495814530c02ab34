/** The thread in which a candidate is asked, so that no live answer waits for it. */
import { parentPort, workerData } from "node:worker_threads";
import { PolicyEngine } from "../engine/engine.ts";
import { verdictOf } from "../impact/verdict.ts";
import type { ShadowSetup } from "./shadow.ts";

const { candidate, limits } = workerData as ShadowSetup;
const engine = new PolicyEngine(candidate, limits, 0);

parentPort?.on("message", (inputs: readonly string[]) => {
	parentPort?.postMessage(inputs.map((input) => verdictOf(engine, input, limits.budget)));
});

/** The thread in which a candidate is asked, so that no live answer waits for it. */
import { parentPort, workerData } from "node:worker_threads";
import { PolicyEngine } from "../engine/engine.ts";
import { verdictOf } from "../impact/verdict.ts";
import type { ShadowQuestion, ShadowSetup } from "./shadow.ts";

const { candidate, limits } = workerData as ShadowSetup;
const engine = new PolicyEngine(candidate, limits, 0);

parentPort?.on("message", (questions: readonly ShadowQuestion[]) => {
	parentPort?.postMessage(questions.map(({ input, budget }) => verdictOf(engine, input, budget)));
});

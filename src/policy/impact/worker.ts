/** A thread that asks two policies about inputs, so that a replay takes all of the machine's cores. */
import { parentPort, workerData } from "node:worker_threads";
import { PolicyEngine } from "../engine/engine.ts";
import type { WorkerSetup } from "./threads.ts";
import { verdictOf } from "./verdict.ts";

const { running, candidate, runningLimits, candidateLimits } = workerData as WorkerSetup;
const policies = [
	{ engine: new PolicyEngine(running, runningLimits, 0), budget: runningLimits.budget },
	{ engine: new PolicyEngine(candidate, candidateLimits, 0), budget: candidateLimits.budget },
] as const;

parentPort?.on("message", (inputs: readonly string[]) => {
	parentPort?.postMessage(
		inputs.map((input) => policies.map(({ engine, budget }) => verdictOf(engine, input, budget))),
	);
});

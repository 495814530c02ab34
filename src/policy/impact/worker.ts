/** A thread that asks two policies about inputs, so that a replay takes all of the machine's cores. */
import { parentPort } from "node:worker_threads";
import { PolicyEngine } from "../engine/engine.ts";
import type { Told, VerdictPair } from "./threads.ts";
import { verdictOf } from "./verdict.ts";

let engines: { readonly running: PolicyEngine; readonly candidate: PolicyEngine } | undefined;

parentPort?.on("message", (told: Told) => {
	if (told.kind === "policies") {
		const { pair, limits } = told;
		engines = {
			running: new PolicyEngine(pair.running, limits, 0),
			candidate: new PolicyEngine(pair.candidate, limits, 0),
		};
		return;
	}
	if (engines === undefined) throw new Error("there are no policies yet");
	const { running, candidate } = engines;
	parentPort?.postMessage(
		told.questions.map(
			({ input, candidateOnly, budget }): VerdictPair => [
				candidateOnly ? null : verdictOf(running, input, budget),
				verdictOf(candidate, input, budget),
			],
		),
	);
});

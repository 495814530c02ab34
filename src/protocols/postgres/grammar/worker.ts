/** The thread in which large and deep texts are parsed: it has a large stack and can be ended. */
import { parentPort, workerData } from "node:worker_threads";
import { describeThrown } from "../../../lib/index.ts";
import { Engine, type SqlResult } from "./engine.ts";
import { jsonDepth } from "./fingerprint.ts";
import type { Major, SqlFault } from "./instance.ts";
import { type Refusal, refusalOf, survey } from "./survey.ts";

export interface WorkerSettings {
	readonly major: Major;
	readonly maxCommentDepth: number;
	readonly maxNesting: number;
	readonly memoryLimit: number;
}

/** The first message: from here on the time is the text's own, and not that of the thread's start. */
export const READY = "ready";

/** A SQL text. */
export interface Job {
	readonly text: string;
}

/** `thrown`: the parser broke; this thread is to be ended. */
export type Answer =
	| SqlResult
	| { readonly fault: SqlFault }
	| { readonly refused: Refusal }
	| { readonly thrown: string; readonly overflow: boolean };

const settings = workerData as WorkerSettings;
let engine: Engine | undefined = await Engine.create(settings.major);

async function answer(job: Job): Promise<Answer> {
	const refused = refusalOf(survey(job.text), settings);
	if (refused !== null) return { refused };
	try {
		engine ??= await Engine.create(settings.major);
		const result = engine.sql(job.text);
		if (engine.memoryBytes > settings.memoryLimit) engine = undefined;
		if ("json" in result && jsonDepth(result.json) > settings.maxNesting) return { refused: "nesting" };
		return result;
	} catch (thrown) {
		engine = undefined;
		return { thrown: describeThrown(thrown), overflow: thrown instanceof RangeError };
	}
}

parentPort?.on("message", (job: Job) => {
	void answer(job).then((result) => parentPort?.postMessage(result));
});
parentPort?.postMessage(READY);

/**
 * The thread that replays a gateway's record: reading it is work too, which the thread that decides does not have time
 * for.
 */
import { parentPort, workerData } from "node:worker_threads";
import { describeThrown, SallyportError } from "../../lib/index.ts";
import { replayImpact } from "../../policy/index.ts";
import { recordedCommands } from "../../recording/index.ts";
import { dataAsThen } from "./data-as-then.ts";
import type { ImpactLine, ReplaySetup } from "./replay-thread.ts";

const { pair, earlier, limits, budgets, directory, query } = workerData as ReplaySetup;
const tell = (line: ImpactLine) => parentPort?.postMessage(line);

try {
	const report = await replayImpact(pair, recordedCommands(directory, query), {
		limits,
		budgets,
		asThen: dataAsThen(earlier),
		onChange: (changed) => tell({ type: "change", changed }),
		onProgress: (replayed) => tell({ type: "progress", replayed }),
	});
	tell({ type: "report", report });
} catch (thrown) {
	const { code, remedy } =
		thrown instanceof SallyportError ? thrown : { code: "internal", remedy: "See the gateway's log." };
	tell({ type: "failure", code, message: describeThrown(thrown), remedy });
}

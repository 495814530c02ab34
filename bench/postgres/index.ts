import { benchConnect } from "./connect.ts";
import { decisionFigures } from "./decisions.ts";
import { benchMemory } from "./memory.ts";
import { reportDecisions } from "./report.ts";
import { benchStatements } from "./statements.ts";
import { find, type Stage, setStage } from "./subjects.ts";
import { benchTransfers } from "./transfer.ts";
import { BATCHED, COPIES, RESULTS } from "./transfers.ts";

type Part = (stage: Stage, quick: boolean) => Promise<void>;

const PARTS: Readonly<Record<string, Part>> = {
	statements: benchStatements,
	pipeline: (stage, quick) => benchTransfers(stage, BATCHED, quick),
	results: (stage, quick) => benchTransfers(stage, RESULTS, quick),
	copy: (stage, quick) => benchTransfers(stage, COPIES, quick),
	connect: benchConnect,
};

/** Those that set a stage of their own. */
const OWN: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
	memory: benchMemory,
	decisions: async () => reportDecisions(await decisionFigures(find("opa", []))),
};

/**
 * `npm run bench -- postgres [PART...] [--quick]`: all parts unless some are named. The subjects take turns in each
 * round, so that drift hits all alike.
 */
export async function benchPostgres(args: readonly string[]): Promise<void> {
	const quick = args.includes("--quick");
	const named = args.filter((arg) => !arg.startsWith("--"));
	const known = [...Object.keys(PARTS), ...Object.keys(OWN)];
	const unknown = named.find((name) => !known.includes(name));
	if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${known.join(", ")}`);
	const chosen = (name: string) => named.length === 0 || named.includes(name);
	await onStage(
		Object.entries(PARTS).flatMap(([name, part]) => (chosen(name) ? [part] : [])),
		quick,
	);
	for (const [name, part] of Object.entries(OWN)) if (chosen(name)) await part(quick);
}

async function onStage(parts: readonly Part[], quick: boolean): Promise<void> {
	if (parts.length === 0) return;
	const stage = await setStage();
	try {
		for (const line of stage.missing) console.log(`${line}\n`);
		for (const part of parts) await part(stage, quick);
	} finally {
		await stage.stop();
	}
}

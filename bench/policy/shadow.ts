import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_LIMITS, openPolicy, readBundleAt, Shadow } from "../../src/policy/index.ts";
import { sampleInput } from "../postgres/sample.ts";
import { quantile } from "../postgres/statistics.ts";
import { line, target } from "./lines.ts";
import { DEFAULT_BUNDLE } from "./places.ts";

/** Decisions in one turn of the event loop, and how long the thread rests after each. */
const BURST = 20;

/**
 * What a candidate beside the live policy costs an answer: decisions with and without one, in turns, each from the
 * question to the moment at which its answer could go out. The candidate sees all of them and runs in its own thread.
 */
export async function benchShadow(quick: boolean): Promise<void> {
	const live = await openPolicy(await readBundleAt(DEFAULT_BUNDLE));
	const shadow = new Shadow(
		{ candidate: live.ready, limits: DEFAULT_LIMITS },
		1,
		() => live.revision,
		Date.now(),
	);
	const alone: number[] = [];
	const beside: number[] = [];
	const told: number[] = [];
	try {
		for (let round = 0; round < (quick ? 100 : 1_000); round++) {
			for (const times of round % 2 === 0 ? [alone, beside] : [beside, alone]) {
				for (let at = 0; at < BURST; at++)
					times.push(once(sampleInput(round * BURST + at), times === beside));
				await nextTurn();
			}
			if (round % 10 === 0) await sleep(2);
		}
		while (shadow.status().report.replayed + shadow.status().dropped < beside.length) await sleep(20);
		const { report, dropped } = shadow.status();
		const changed = Object.values(report.changes).reduce((sum, count) => sum + count, 0);
		console.log(
			`shadow: ${report.replayed} live decisions seen by a candidate, ${dropped} dropped, ${changed} of its answers differ`,
		);
		const own = Math.round(quantile(alone, 0.5));
		line("a decision without a candidate, p50", own, "us");
		line("with one, p50", quantile(beside, 0.5), "us");
		line("without, p99", quantile(alone, 0.99), "us");
		line("with, p99", quantile(beside, 0.99), "us");
		target("what the candidate adds to an answer, p50", quantile(told, 0.5), own, "us");
		target("what the candidate adds to an answer, p99", quantile(told, 0.99), own, "us");
		console.log("");
	} finally {
		await shadow.stop();
	}

	function once(input: string, tell: boolean): number {
		const started = performance.now();
		const { decision, cost } = live.decideCommand(input);
		if (tell) {
			const before = performance.now();
			if (shadow.wants()) {
				shadow.offer({
					decision,
					cost,
					budget: undefined,
					input: () => input,
					command: () => ({ ...COMMAND, id: randomUUID() }),
				});
			}
			told.push((performance.now() - before) * 1_000);
		}
		return (performance.now() - started) * 1_000;
	}
}

const COMMAND = {
	session: "s",
	time: "2026-11-26T10:00:00.000Z",
	principal: "p/a",
	connection: "c",
	text: "",
};

import { setTimeout as sleep } from "node:timers/promises";
import { outline, type WireClient } from "./wire-client.ts";
import { query } from "./wire-messages.ts";

/**
 * Another session that asks for something small again and again while `work` is done. Answers how long it waited at
 * most, in milliseconds; throws when an answer was not what it has to be.
 */
export async function slowestAnswerDuring(client: WireClient, work: () => Promise<unknown>): Promise<number> {
	let over = false;
	const working = work().finally(() => {
		over = true;
	});
	let slowest = 0;
	while (!over) {
		const started = performance.now();
		const answer = outline(await client.ask([query("SELECT 1")]));
		if (answer !== "T D C(SELECT 1) ZI") throw new Error(`another session was told ${answer}`);
		slowest = Math.max(slowest, performance.now() - started);
		await sleep(10);
	}
	await working;
	return slowest;
}

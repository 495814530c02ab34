import { setTimeout as sleep } from "node:timers/promises";
import { rows, type WireAddress, WireClient } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { anyOperation, type Life } from "./operations.ts";
import { Finding, type Tally } from "./tally.ts";

/** Mean pause between two operations of a session, so that hundreds of them fit on a small machine. */
const THINK_MS = 400;
const RETRY_MS = 200;
/** Between the first connects of two sessions: it is not meant to be a storm. */
const RAMP_MS = 20;

/** The sessions that are there at this moment, for whoever wants to kill one. */
export type Lives = Map<number, Life>;

/** One client for the whole time: it connects, works, checks each answer, and connects again when it was killed. */
export async function liveOn(
	number: number,
	address: WireAddress,
	lives: Lives,
	tally: Tally,
	over: () => boolean,
): Promise<void> {
	await sleep(number * RAMP_MS);
	for (let incarnation = 1; !over(); incarnation++) {
		const client = await WireClient.connect(address).catch(() => null);
		if (client === null) {
			tally.losses += 1;
			await sleep(RETRY_MS * (1 + Math.random()));
			continue;
		}
		tally.connects += 1;
		await work(number, `s${number}.${incarnation}`, client, lives, tally, over);
		lives.delete(number);
		client.close();
	}
}

async function work(
	number: number,
	marker: string,
	client: WireClient,
	lives: Lives,
	tally: Tally,
	over: () => boolean,
): Promise<void> {
	const life: Life = { client, marker, tally, pid: "", othersKey: () => otherKey(lives, number) };
	let doing = "";
	try {
		life.pid = rows(await client.ask([query("SELECT pg_backend_pid()")]))[0]?.[0] ?? "";
		lives.set(number, life);
		for (let count = 1; !over(); count++) {
			const operation = anyOperation(Math.random());
			doing = operation.name;
			await operation(life, `${count}`);
			tally.operations += 1;
			client.everything.length = 0;
			await sleep(THINK_MS * 2 * Math.random());
		}
	} catch (thrown) {
		if (thrown instanceof Finding) tally.found(thrown.kind, `${marker}, ${doing}: ${thrown.message}`);
		else if (!client.ended && !String(thrown).includes("lost:"))
			tally.found("no answer", `${marker}, ${doing}: ${thrown instanceof Error ? thrown.message : thrown}`);
		else tally.losses += 1;
	}
}

function otherKey(lives: Lives, number: number): WireClient["key"] {
	for (const [other, { client }] of lives) if (other !== number && Math.random() < 0.1) return client.key;
	return null;
}

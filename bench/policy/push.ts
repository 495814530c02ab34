import { startBundleServer } from "../../test/support/bundle-server.ts";
import { startPostgres } from "../../test/support/postgres.ts";
import { clockMs } from "./clock.ts";
import { startFleet } from "./fleet.ts";
import { makeRevisions } from "./revisions.ts";

const PROCESSES = 10;
const EACH = 5;

/**
 * From the moment that a bundle is pushed over HTTP to the first statement of a live session that is decided by it: 50
 * gateways in 10 processes on this machine, each with an open session that asks every 50 ms.
 */
export async function benchPush(quick: boolean): Promise<void> {
	const rounds = quick ? 3 : 10;
	const revisions = await makeRevisions();
	const server = await startPostgres({ settings: { max_connections: "400" } });
	const bundles = await startBundleServer();
	const push = async (denying: boolean): Promise<number> => {
		const body = Uint8Array.from(await revisions.next(denying));
		const started = clockMs();
		const answer = await fetch(`${bundles.url}/bundles/main`, {
			method: "PUT",
			body,
			headers: { authorization: `Bearer ${bundles.tokens.admin}`, "content-type": "application/gzip" },
		});
		if (!answer.ok) throw new Error(`the push was answered with ${answer.status}: ${await answer.text()}`);
		return started;
	};
	try {
		await server.query("CREATE TABLE secrets (id int)");
		await push(false);
		const fleet = await startFleet(server, PROCESSES, EACH, {
			services: {
				hq: { url: bundles.url, credentials: { bearer: { token: bundles.tokens.gateway } } },
			},
			bundles: {
				main: { service: "hq", resource: "bundles/main", polling: { long_polling_timeout_seconds: 60 } },
			},
		});
		try {
			const times: number[] = [];
			for (let round = 0; round <= rounds; round += 1) {
				const denied = round % 2 === 0;
				const enforced = fleet.ask({ kind: "until", denied }, "enforced");
				const started = await push(denied);
				const taken = (await enforced).flatMap(({ at }) => at.map((time) => time - started));
				if (round > 0) times.push(...taken); // the first finds everything cold
			}
			report(times.sort((a, b) => a - b));
		} finally {
			await fleet.stop();
		}
	} finally {
		await bundles.stop();
		await server.stop();
	}
}

function report(times: readonly number[]): void {
	const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? Number.NaN);
	console.log(`push to enforced on a live session, ${PROCESSES * EACH} gateways in ${PROCESSES} processes:`);
	console.log(`  p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms (${times.length} swaps)\n`);
}

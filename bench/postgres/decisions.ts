import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Answers } from "../../src/gate/answers.ts";
import { writeLibrary } from "../../src/policy/build/index.ts";
import { openPolicy, readBundleAt } from "../../src/policy/index.ts";
import { freePort } from "../../test/support/free-port.ts";
import { analysedSelect, sampleInput } from "./sample.ts";
import { quantile } from "./statistics.ts";

export interface DecisionFigures {
	readonly inputBytes: number;
	readonly fresh: { readonly p50: number; readonly p99: number; readonly cost: number };
	readonly repeated: { readonly p50: number };
	/** Null where there is no `opa`. */
	readonly opaServer: { readonly p50: number } | null;
}

const ROUNDS = 5_000;
const BUNDLE = join(import.meta.dirname, "../../tools/prebuilt/default.tar.gz");

/** Microseconds of one decision of the shipped policy on a small SELECT: in process, kept, and by an OPA server. */
export async function decisionFigures(opa: string | null): Promise<DecisionFigures> {
	const policy = await openPolicy(await readBundleAt(BUNDLE, undefined));
	const input = sampleInput(0);
	const fresh: number[] = [];
	let cost = 0;
	for (let round = 0; round < ROUNDS; round++) {
		const text = sampleInput(round);
		const started = performance.now();
		cost = policy.decideCommand(text).cost;
		fresh.push((performance.now() - started) * 1_000);
	}
	const kept: number[] = [];
	const answers = new Answers();
	const command = analysedSelect(0);
	const now = Date.now();
	answers.find(policy, "head", now, command);
	answers.keep(policy, command, policy.decideCommand(input));
	for (let round = 0; round < ROUNDS; round++) {
		const started = performance.now();
		for (let inner = 0; inner < 100; inner++) answers.find(policy, "head", now, command);
		kept.push((performance.now() - started) * 10);
	}
	return {
		inputBytes: Buffer.byteLength(input),
		fresh: {
			p50: quantile(fresh.slice(ROUNDS / 5), 0.5),
			p99: quantile(fresh.slice(ROUNDS / 5), 0.99),
			cost,
		},
		repeated: { p50: quantile(kept, 0.5) },
		opaServer: opa === null ? null : { p50: await opaServerP50(opa) },
	};
}

async function opaServerP50(opa: string): Promise<number> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-opa-"));
	const port = await freePort();
	let server: ChildProcess | undefined;
	try {
		await writeLibrary(directory);
		server = spawn(
			opa,
			["run", "--server", "--log-level", "error", "--addr", `127.0.0.1:${port}`, directory],
			{ stdio: "ignore" },
		);
		const agent = new Agent({ keepAlive: true, maxSockets: 1 });
		await reachable(port, agent);
		const times: number[] = [];
		for (let round = 0; round < 2_000; round++) {
			const body = `{"input":${sampleInput(round)}}`;
			const started = performance.now();
			await ask(port, agent, body);
			times.push((performance.now() - started) * 1_000);
		}
		agent.destroy();
		return quantile(times.slice(400), 0.5);
	} finally {
		server?.kill();
		rmSync(directory, { recursive: true, force: true });
	}
}

function ask(port: number, agent: Agent, body: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const call = request(
			{
				host: "127.0.0.1",
				port,
				agent,
				method: "POST",
				path: "/v1/data/sallyport/command/decision",
				headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
			},
			(response) => {
				let text = "";
				response.setEncoding("utf8").on("data", (part: string) => {
					text += part;
				});
				response.on("end", () =>
					text.includes('"action"') ? resolve(text) : reject(new Error(`no decision: ${text.slice(0, 200)}`)),
				);
			},
		);
		call.on("error", reject).end(body);
	});
}

async function reachable(port: number, agent: Agent): Promise<void> {
	for (let tries = 0; ; tries++) {
		try {
			await ask(port, agent, `{"input":${sampleInput(0)}}`);
			return;
		} catch (thrown) {
			if (tries > 100) throw thrown;
			await sleep(50);
		}
	}
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveOpa } from "../../tools/opa.mjs";
import { type RunningNginx, startNginx } from "../support/clients/nginx.ts";
import { freePort } from "../support/free-port.ts";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { unreferenced, watchdog } from "../support/watchdog.ts";
import { KEYS } from "./bundles/archive.ts";
import { type Outcome, SIZE_LIMIT } from "./bundles/case.ts";
import { CASES, OVERLAPPING } from "./bundles/cases.ts";

const BUNDLES = CASES.length + Object.keys(OVERLAPPING).length;

/** What became of each bundle by its name, and in what words. */
type Answers = ReadonlyMap<string, { readonly outcome: Outcome; readonly said: string }>;

/** What a bundle server can't know: what the gateways that ask have in force, and how much they take. */
const PUSHED_ALL_THE_SAME = /^(?:bundle_delta|bundle_too_large) /;

/**
 * The same bundles from the same plain web server, to OPA itself and to a gateway with the equal configuration. Each
 * has a root of its own, so that they don't concern one another.
 */
describe("bundles as OPA takes them", () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bundles-"));
	let nginx: RunningNginx;
	let theirs: Answers;
	let ours: Answers;
	let pushed: Answers;
	before(async () => {
		nginx = await startNginx();
		mkdirSync(join(nginx.directory, "bundles"));
		for (const [index, { archive }] of CASES.entries())
			writeFileSync(join(nginx.directory, "bundles", `c${index}`), await archive(`c${index}`));
		for (const [name, archive] of Object.entries(OVERLAPPING))
			writeFileSync(join(nginx.directory, "bundles", name), await archive());
		const config = {
			services: { nginx: { url: nginx.url } },
			keys: KEYS,
			bundles: Object.fromEntries(
				[
					...CASES.map(({ config }, index) => [`c${index}`, config] as const),
					...Object.keys(OVERLAPPING).map((name) => [name, {}] as const),
				].map(([name, config]) => [
					name,
					{ service: "nginx", resource: `bundles/${name}`, size_limit_bytes: SIZE_LIMIT, ...config },
				]),
			),
		};
		const [opa, gateway] = await Promise.all([askOpa(config, directory), askGateway(config, directory)]);
		[theirs, { ours, pushed }] = [opa, gateway];
	});
	after(async () => {
		await nginx?.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	it("of two whose roots overlap one is in force, with both", () => {
		for (const answers of [theirs, ours]) {
			const outcomes = Object.keys(OVERLAPPING).map((name) => answers.get(name)?.outcome);
			assert.deepEqual(outcomes.sort(), ["refused", "taken"]);
		}
	});

	for (const [index, { name, opa, differs }] of CASES.entries()) {
		const how = differs === undefined ? `${opa} by both` : "taken by OPA, refused here";
		it(`${name}: ${how}`, () => {
			const [their, our] = [theirs.get(`c${index}`), ours.get(`c${index}`)];
			assert.equal(their?.outcome, opa, their?.said);
			assert.equal(our?.outcome, differs === undefined ? opa : "refused", our?.said);
			if (our?.outcome === "refused") assert.match(our.said, /^bundle_\w+ .+ remedy: \w/);
		});
	}

	it("what a gateway refuses can't be pushed either, and what can is served as it was", () => {
		for (const [index, { name }] of CASES.entries()) {
			const [our, push] = [ours.get(`c${index}`), pushed.get(`c${index}`)];
			if (our?.outcome !== "refused" || PUSHED_ALL_THE_SAME.test(our.said)) continue;
			assert.equal(push?.outcome, "refused", `${name}: ${our.said}`);
			assert.match(push.said, /^4\d\d .*"code":"bundle_\w+".*"remedy":"\w/, name);
		}
		const served = [...pushed.values()].filter(({ outcome }) => outcome === "taken");
		assert.ok(served.length >= 10, `${served.length} were taken`);
		for (const { said } of served) assert.equal(said, "served as it was");
	});
});

interface BundleAnswer {
	readonly name: string;
	readonly active_revision?: string | null;
	readonly code?: string;
	readonly message?: string;
	readonly last_request?: string;
}

async function askOpa(config: object, directory: string): Promise<Answers> {
	const file = join(directory, "opa.json");
	const persistence = join(directory, "opa");
	writeFileSync(
		file,
		JSON.stringify({ ...config, persistence_directory: persistence, status: { console: true } }),
	);
	const port = await freePort();
	const args = ["run", "--server", "--addr", `127.0.0.1:${port}`, "-c", file, "--log-level", "error"];
	const opa = spawn(await resolveOpa({ quiet: true }), args, { cwd: directory, stdio: "ignore" });
	const guard = watchdog(opa, null);
	unreferenced(opa);
	try {
		return await eventually("OPA's status", async () => {
			const answer = await fetch(`http://127.0.0.1:${port}/v1/status`).catch(() => undefined);
			if (answer?.ok !== true) return undefined;
			const { result } = (await answer.json()) as { result: { bundles?: Record<string, BundleAnswer> } };
			const bundles = Object.values(result.bundles ?? {});
			const asked = bundles.filter(({ last_request: at = "" }) => at > "0002");
			if (asked.length < BUNDLES) return undefined;
			return new Map(
				asked.map((each) => [
					each.name,
					{ outcome: each.code === undefined ? "taken" : "refused", said: each.message ?? "" } as const,
				]),
			);
		});
	} finally {
		opa.kill("SIGKILL");
		await guard.release();
	}
}

/** Beside the cases the gateway has a bundle with a policy, which is in force before and after. */
async function askGateway(
	config: { bundles: object },
	directory: string,
): Promise<{ readonly ours: Answers; readonly pushed: Answers }> {
	const nobody = { host: "127.0.0.1", port: 1, database: "none", user: "nobody" };
	const home = join(directory, "gateway");
	const main = { resource: `file://${join(home, "bundle.tar.gz")}` };
	const gateway: RunningGateway = await startGateway({
		upstream: nobody,
		directory: home,
		config: { ...config, bundles: { ...config.bundles, main } },
	});
	try {
		const ours = await eventually("the gateway's status", async (): Promise<Answers | undefined> => {
			const { code, stdout, stderr } = await gateway.cli(["bundle", "status", "--json"]);
			assert.equal(code, 0, stderr);
			const { active, bundles } = JSON.parse(stdout) as {
				active: { revision: string } | null;
				bundles: (BundleAnswer & {
					last_attempt: string | null;
					error: { code: string; message: string; remedy: string } | null;
				})[];
			};
			const tried = bundles.filter(
				({ error, active_revision: revision }) => error !== null || revision !== null,
			);
			if (tried.length < BUNDLES + 1) return undefined;
			assert.ok(active !== null, "a policy is in force whatever else is refused");
			return new Map(
				tried.map(({ name, error }) => [
					name,
					{
						outcome: error === null ? "taken" : "refused",
						said: error === null ? "" : `${error.code} ${error.message} remedy: ${error.remedy}`,
					} as const,
				]),
			);
		});
		return { ours, pushed: await pushAll(gateway) };
	} finally {
		await gateway.stop();
	}
}

/** The same archives to the gateway's own bundle server; what it takes is asked for again. */
async function pushAll({ controlUrl, tokens }: RunningGateway): Promise<Answers> {
	const answers = new Map<string, { outcome: Outcome; said: string }>();
	const headers = { authorization: `Bearer ${tokens.admin}` };
	for (const [index, { archive }] of CASES.entries()) {
		const url = `${controlUrl}/bundles/c${index}`;
		const body = Uint8Array.from(await archive(`c${index}`));
		const type = { "content-type": "application/vnd.openpolicyagent.bundles" };
		const put = await fetch(url, { method: "PUT", body, headers: { ...headers, ...type } });
		const text = await put.text();
		if (!put.ok) {
			answers.set(`c${index}`, { outcome: "refused", said: `${put.status} ${text}` });
			continue;
		}
		const got = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
		const said = got.equals(body) ? "served as it was" : `${got.length} bytes of ${body.length}`;
		answers.set(`c${index}`, { outcome: "taken", said });
	}
	return answers;
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
	for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
		const answer = await ask();
		if (answer !== undefined) return answer;
	}
	throw new Error(`not in a minute: ${what}`);
}

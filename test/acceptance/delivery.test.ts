import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildPolicy, type RunningGateway, runCli, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { eventually, openSession } from "./client.ts";

const NO_SECRETS = `package sallyport.command

deny contains {"rule": "no-secrets", "message": "secrets are not for reading"} if {
	some statement in input.command.statements
	some relation in statement.relations
	relation.name == "secrets"
}
`;

const POLLING = { min_delay_seconds: 0.1, max_delay_seconds: 0.2 };

describe("policy delivery", () => {
	let server: RunningPostgres;
	let directory: string;
	let plain: string;
	let strict: string;
	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-delivery-"));
		server = await startPostgres();
		await server.query("CREATE TABLE secrets (id int)");
		plain = join(directory, "plain.tar.gz");
		strict = join(directory, "strict.tar.gz");
		await buildPolicy({ dirs: [] }, plain);
		await buildPolicy({ files: { "rules.rego": NO_SECRETS } }, strict);
	});
	after(async () => {
		await server.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	const start = (name: string, config: Readonly<Record<string, unknown>>): Promise<RunningGateway> =>
		startGateway({ upstream: server, directory: join(directory, name), config });

	it("without a bundle nobody gets in and nobody administers, and it says so", async () => {
		const gateway = await start("none", {
			bundles: { main: { resource: `file://${join(directory, "nothing-here.tar.gz")}`, polling: POLLING } },
		});
		try {
			await assert.rejects(openSession(gateway), (error: { code: string; message: string }) => {
				assert.equal(error.code, "42501");
				assert.match(error.message, /no policy is active/);
				return true;
			});
			assert.equal((await fetch(`${gateway.controlUrl}/readyz`)).status, 503);
			assert.equal((await gateway.cli(["sessions", "ls"])).code, 1);
		} finally {
			await gateway.stop();
		}
	});

	it("a push to the gateway's own shelf reaches the next statement of an open session, and a roll back too", async () => {
		const shelf = join(directory, "shelf", "data", "shelf", "main");
		mkdirSync(shelf, { recursive: true });
		copyFileSync(plain, join(shelf, "current.tar.gz"));
		const gateway = await start("shelf", {
			bundles: { main: { resource: `file://${join(shelf, "current.tar.gz")}`, polling: POLLING } },
		});
		const cli = async (...args: string[]) => {
			const { code, stdout, stderr } = await gateway.cli(args);
			assert.equal(code, 0, stderr);
			return stdout;
		};
		try {
			const session = await eventually("a session", () => openSession(gateway).catch(() => undefined));
			const denied = async () => (await session.failure("SELECT * FROM secrets"))?.code;
			const prepared = () => session.client.query({ name: "kept", text: "SELECT count(*) FROM secrets" });
			assert.equal(await denied(), undefined);
			await prepared();

			// What was put there by hand is no revision that one could go back to.
			await cli("bundle", "push", "main", plain);
			await cli("bundle", "push", "main", strict);
			await eventually("the stricter policy", async () => ((await denied()) === "42501" ? true : undefined));
			await assert.rejects(
				prepared(),
				{ code: "42501" },
				"what was prepared under the old one is decided anew",
			);
			const [listed] = JSON.parse(await cli("bundle", "ls", "--json")) as { name: string }[];
			assert.equal(listed?.name, "main");

			await cli("bundle", "rollback", "main");
			await eventually("the roll back", async () => ((await denied()) === undefined ? true : undefined));
			await prepared();

			writeFileSync(join(directory, "broken.tar.gz"), readFileSync(strict).subarray(0, 4_000));
			assert.equal((await gateway.cli(["bundle", "push", "main", join(directory, "broken.tar.gz")])).code, 1);
			assert.equal(
				(await gateway.cli(["bundle", "push", "main", strict], { token: gateway.tokens.agent })).code,
				1,
			);
			assert.equal(await denied(), undefined);
			const { active } = JSON.parse(await cli("bundle", "status", "--json")) as {
				active: { revision: string } | null;
			};
			assert.ok(active !== null);
			await session.close();
		} finally {
			await gateway.stop();
		}
	});

	it("a signed bundle is taken, an unsigned one and one by another key are not", async () => {
		for (const name of ["right", "wrong"]) {
			const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
			writeFileSync(join(directory, `${name}.pem`), privateKey.export({ type: "pkcs8", format: "pem" }));
			writeFileSync(join(directory, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
			copyFileSync(strict, join(directory, `${name}.tar.gz`));
			const args = [
				"bundle",
				"sign",
				join(directory, `${name}.tar.gz`),
				"-o",
				join(directory, `${name}-signed.tar.gz`),
			];
			const signed = await runCli([
				...args,
				"--sign-key",
				join(directory, `${name}.pem`),
				"--key-id",
				"release",
			]);
			assert.equal(signed.code, 0, signed.stderr);
		}
		const inForce = join(directory, "signed.tar.gz");
		copyFileSync(join(directory, "right-signed.tar.gz"), inForce);
		const gateway = await start("signed", {
			keys: { release: { algorithm: "RS256", key: { file: join(directory, "right.pub") } } },
			bundles: { main: { resource: `file://${inForce}`, polling: POLLING, signing: { keyid: "release" } } },
		});
		try {
			const session = await eventually("a session", () => openSession(gateway).catch(() => undefined));
			assert.equal((await session.failure("SELECT * FROM secrets"))?.code, "42501");
			for (const file of [plain, join(directory, "wrong-signed.tar.gz")]) {
				const before = gateway.log().length;
				copyFileSync(file, `${inForce}.next`);
				renameSync(`${inForce}.next`, inForce);
				await eventually(
					"the refusal in the log",
					() => /bundle_\w*sign/.test(gateway.log().slice(before)) || undefined,
				);
				assert.equal((await session.failure("SELECT * FROM secrets"))?.code, "42501");
			}
			await session.close();
		} finally {
			await gateway.stop();
		}
	});

	it("the persisted bundle is used when the bundle server is down at start", async () => {
		const archive = readFileSync(strict);
		const files = createServer((_request, response) => {
			response.setHeader("content-type", "application/gzip").end(archive);
		}).listen(0, "127.0.0.1");
		await once(files, "listening");
		const config = {
			services: { files: { url: `http://127.0.0.1:${(files.address() as AddressInfo).port}` } },
			bundles: { main: { service: "files", resource: "main.tar.gz", persist: true, polling: POLLING } },
		};
		const first = await start("persisted", config);
		await eventually("a session", () =>
			openSession(first).then(
				(session) => session.close().then(() => true as const),
				() => undefined,
			),
		);
		await first.stop();
		files.closeAllConnections();
		files.close();

		const second = await start("persisted", config);
		try {
			const session = await eventually("a session", () => openSession(second).catch(() => undefined));
			assert.equal((await session.failure("SELECT * FROM secrets"))?.code, "42501");
			assert.equal(await session.value("SELECT 1"), 1);
			await session.close();
		} finally {
			await second.stop();
		}
	});
});

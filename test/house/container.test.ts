import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, suite, test } from "node:test";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

interface Compose {
	readonly services: Record<"database" | "gateway", { image?: string; networks: string[]; ports?: string[] }>;
	readonly networks: Record<string, { internal?: boolean }>;
	readonly configs: { readonly sallyport: { readonly content: string } };
}

suite("the image and the network around it", () => {
	const dockerfile = read("Dockerfile");
	const compose = parse(read("docker-compose.yml")) as Compose;
	const scratch = mkdtempSync(join(tmpdir(), "sallyport-container-"));
	after(() => rmSync(scratch, { recursive: true, force: true }));

	test("bases are exact versions, Node the one that a checkout fetches", () => {
		const version = /NODE_VERSION = "([^"]+)"/.exec(read("tools/setup/node.mjs"))?.[1];
		const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
		assert.deepEqual(bases, [`node:${version}-bookworm-slim`, `node:${version}-bookworm-slim`]);
		assert.match(compose.services.database.image ?? "", /^postgres:\d+\.\d+-/);
	});

	test("everything that is copied in exists and gets past .dockerignore, and everything that the package has is", () => {
		const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = ""]) =>
			names.split(" "),
		);
		const ignored = read(".dockerignore").split("\n");
		for (const name of copied) {
			assert.ok(existsSync(join(ROOT, name)), name);
			assert.ok(ignored.includes(`!${name}`), `${name} in .dockerignore`);
		}
		const { files } = JSON.parse(read("package.json")) as { files: string[] };
		for (const name of files.map((each) => each.split("/")[0] ?? "").filter((each) => each !== "dist"))
			assert.ok(copied.includes(name), `${name} in the Dockerfile`);
	});

	test("it does not run as root, and says how to see that it is well", () => {
		assert.match(dockerfile, /^USER node$/m);
		assert.ok(dockerfile.indexOf("USER node") > dockerfile.lastIndexOf("FROM"));
		assert.match(dockerfile, /^HEALTHCHECK /m);
		assert.match(dockerfile, /^VOLUME \/data$/m);
	});

	test("only the gateway reaches the database", () => {
		const { database, gateway } = compose.services;
		assert.equal(database.ports, undefined);
		assert.ok(database.networks.every((name) => compose.networks[name]?.internal === true));
		assert.ok(gateway.networks.some((name) => database.networks.includes(name)));
	});

	test("the gateway takes the configuration that it is given there", () => {
		for (const name of ["tls-certificate", "tls-key", "database-password"])
			writeFileSync(join(scratch, name), "x");
		const file = join(scratch, "sallyport.yaml");
		writeFileSync(
			file,
			compose.configs.sallyport.content
				.replace(/\$\{SALLYPORT_ISSUER:[^}]*\}/, "https://issuer.example")
				.replaceAll("/run/secrets", scratch)
				.replaceAll("file:///sallyport/", `file://${ROOT}/`),
		);
		assert.deepEqual(
			loadConfig(file, {}).connections.map(({ name }) => name),
			["orders"],
		);
	});
});

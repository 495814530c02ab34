import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Config, ConfigError, configJsonSchema, loadConfig } from "../../../src/config/index.ts";

let directory: string;
before(async () => {
	directory = await mkdtemp(join(tmpdir(), "sallyport-config-"));
	await writeFile(join(directory, "password"), "hunter2\n");
	await writeFile(join(directory, "cert.pem"), "cert");
	await writeFile(join(directory, "key.pem"), "key");
});
after(() => rm(directory, { recursive: true }));

const env = { APP_PASSWORD: "s3cret", EMPTY: "" };

async function load(text: string): Promise<Config> {
	const file = join(directory, "sallyport.yaml");
	await writeFile(file, text);
	return loadConfig(file, env);
}

/** The problems as `LINE:COLUMN message`, the file's own path cut. */
async function problems(text: string): Promise<string[]> {
	try {
		await load(text);
	} catch (error) {
		assert.ok(error instanceof ConfigError, String(error));
		for (const problem of error.problems) assert.ok(problem.remedy.length > 0);
		return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
	}
	return [];
}

describe("loading sallyport.yaml", () => {
	it("fills in every default of an empty file", async () => {
		const config = await load("");
		assert.equal(config.data_dir, join(directory, ".sallyport"));
		assert.equal(config.listeners.control.address, "127.0.0.1:8080");
		assert.equal(config.listeners.postgres, null, "nothing to connect to, nothing to listen for");
		assert.equal(config.approvals.max_hold_in_transaction, 30_000);
		assert.equal(config.recordings.durability, "write");
		assert.equal(config.persistence_directory, join(directory, ".sallyport", "bundles"));
		assert.deepEqual(config.connections, []);
	});

	it("reads secrets from the environment and from files beside it, and never prints them", async () => {
		const config = await load(`
connections:
  - { name: a, type: postgres, upstream: { host: h, database: d, user: u, password: { env: APP_PASSWORD } } }
  - { name: b, type: postgres, upstream: { host: h, database: d, user: u, password: { file: password } } }
  - { name: c, type: postgres, upstream: { host: h, database: d, user: u } }
`);
		const [a, b, c] = config.connections;
		assert.equal(a?.upstream.password?.reveal(), "s3cret");
		assert.equal(b?.upstream.password?.reveal(), "hunter2");
		assert.equal(c?.upstream.password, null);
		assert.equal(a?.upstream.port, 5432);
		assert.ok(!JSON.stringify(config).includes("s3cret"));
	});

	it("takes paths relative to the file", async () => {
		const config = await load(`
data_dir: data
recordings: { url: "file:rec" }
store: { url: "sqlite:x/store.db" }
bundles:
  main: { resource: "file://policy" }
listeners: { postgres: { address: "0.0.0.0:5432", tls: { cert: cert.pem, key: key.pem } } }
`);
		assert.equal(config.data_dir, join(directory, "data"));
		assert.equal(config.recordings.url, `file:${join(directory, "rec")}`);
		assert.equal(config.store.url, `sqlite:${join(directory, "x/store.db")}`);
		assert.equal(config.bundles["main"]?.resource, `file://${join(directory, "policy")}`);
		assert.equal(config.listeners.postgres?.tls?.cert, join(directory, "cert.pem"));
	});

	it("follows anchors and aliases, and refuses those that unfold without end", async () => {
		const config = await load(`
connections:
  - { name: a, type: postgres, labels: &l { env: prod }, upstream: &u { host: h, database: d, user: u } }
  - { name: b, type: postgres, labels: *l, upstream: *u }
`);
		assert.deepEqual(config.connections[1]?.labels, { env: "prod" });
		const bomb = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"];
		for (let depth = 1; depth < 9; depth += 1) {
			bomb.push(`a${depth}: &a${depth} [${`*a${depth - 1}, `.repeat(10)}x]`);
		}
		assert.deepEqual(await problems(bomb.join("\n")), ["1:1 The file's aliases unfold without end."]);
	});

	it("names all mistakes at once, each where it stands", async () => {
		assert.deepEqual(
			await problems(`data_dir: 7
stor: {}
limits:
  sessions: 0
  handshake_timeout: soon
connections:
  - name: Orders
    type: postgres
    upstream: { host: h, port: "5432", database: d, user: u, password: { env: NOT_SET } }
`),
			[
				"1:11 `data_dir`: Expected a text, found 7.",
				"2:1 `stor` is not a key of the configuration.",
				"4:13 `limits.sessions`: 0 is less than 1.",
				'5:22 `limits.handshake_timeout`: "soon" does not have the right form.',
				'7:11 `connections[0].name`: "Orders" does not have the right form.',
				'9:32 `connections[0].upstream.port`: Expected a whole number, found "5432".',
				"9:72 `connections[0].upstream.password`: The environment variable NOT_SET is not set.",
			],
		);
	});

	it("suggests the key that was meant", async () => {
		try {
			await load("conections: []");
			assert.fail();
		} catch (error) {
			assert.ok(error instanceof ConfigError);
			assert.equal(error.problems[0]?.remedy, "Did you mean `connections`?");
		}
	});

	it("refuses what a later release has, by that name", async () => {
		const found = await problems(`
listeners: { mysql: {}, ssh: {}, kubernetes: {} }
store: { url: "postgres://db/sallyport" }
recordings: { url: "s3://bucket/prefix" }
identity: { providers: [{ name: corp, type: oidc, issuer: "https://x", audience: a }] }
connections:
  - { name: a, type: ssh, upstream: { host: h, database: d, user: u, password: { vault: x } } }
`);
		assert.equal(found.filter((line) => line.includes("not in this release")).length, 8, found.join("\n"));
	});

	it("tells of YAML mistakes: duplicates, tabs, several documents, text that is no YAML", async () => {
		assert.match((await problems("data_dir: a\ndata_dir: b"))[0] ?? "", /^2:1 .*unique/);
		assert.notEqual((await problems("listeners:\n\tcontrol: {}")).length, 0);
		assert.notEqual((await problems("a: 1\n---\nb: 2")).length, 0);
		assert.notEqual((await problems("{")).length, 0);
		assert.match((await problems("just text"))[0] ?? "", /Expected a map/);
	});

	it("refuses a file that isn't there, isn't UTF-8, or is a directory", async () => {
		assert.throws(() => loadConfig(join(directory, "none.yaml"), env), { code: "config_unreadable" });
		assert.throws(() => loadConfig(directory, env), { code: "config_unreadable" });
		await writeFile(join(directory, "latin1.yaml"), Buffer.from("data_dir: \xe9", "latin1"));
		assert.throws(() => loadConfig(join(directory, "latin1.yaml"), env), { code: "config_unreadable" });
	});
});

describe("what has to hold between the sections", () => {
	const open = 'listeners: { control: { address: "0.0.0.0:8080", tls: { cert: cert.pem, key: key.pem } } }\n';

	it("lets no listener beyond loopback go without TLS", async () => {
		assert.match((await problems('listeners: { control: { address: "0.0.0.0:1" } }'))[0] ?? "", /no TLS/);
		assert.match((await problems('listeners: { postgres: { address: "[::]:1" } }'))[0] ?? "", /no TLS/);
		assert.deepEqual(await problems('listeners: { postgres: { address: "[::1]:1" } }'), []);
		assert.deepEqual(await problems(open), []);
		assert.match(
			(await problems('listeners: { postgres: { address: "127.0.0.1:70000" } }'))[0] ?? "",
			/out of range/,
		);
	});

	it("gives no address to two listeners", async () => {
		const both = (address: string) =>
			problems(`listeners: { control: { address: "${address}" }, postgres: { address: "${address}" } }`);
		assert.match((await both("127.0.0.1:8080"))[0] ?? "", /^1:.* as well/);
		assert.deepEqual(await both("127.0.0.1:0"), []);
	});

	it("tells of a Unix socket whose path the system couldn't take", async () => {
		const long = `/${"d".repeat(95)}`;
		assert.deepEqual(await problems(`listeners: { postgres: { path: ${long.slice(0, 90)} } }`), []);
		assert.match((await problems(`listeners: { postgres: { path: ${long} } }`))[0] ?? "", /^1:.* too long/);
		const connection = `{ name: a, type: postgres, upstream: { host: ${long}, database: d, user: u } }`;
		assert.match((await problems(`connections: [${connection}]`))[0] ?? "", /too long/);
		assert.match((await problems("listeners: { postgres: { permissions: 0700 } }"))[0] ?? "", /permissions/);
	});

	it("leads clients to a provider that there is", async () => {
		const oauth = (provider: string) => `listeners: { postgres: { oauth: { provider: ${provider} } } }\n`;
		const corp =
			"identity: { providers: [{ name: corp, type: jwt, issuer: https://id.example, audience: sallyport }] }";
		assert.deepEqual(await problems(oauth("corp") + corp), []);
		assert.match((await problems(oauth("other") + corp))[0] ?? "", /^1:.*no provider `other`/);
	});

	it("wants one server of an upstream or a list of them", async () => {
		const connection = (servers: string) =>
			`connections: [{ name: a, type: postgres, upstream: { ${servers} database: d, user: u } }]`;
		assert.match((await problems(connection("")))[0] ?? "", /^1:.* neither `host` nor `hosts`/);
		assert.match((await problems(connection("host: h, hosts: [{ host: i }],")))[0] ?? "", /both/);
		const config = await load(connection("hosts: [{ host: i }, { host: j, port: 5433 }],"));
		assert.deepEqual(config.connections[0]?.upstream.hosts, [
			{ host: "i", port: 5432 },
			{ host: "j", port: 5433 },
		]);
		assert.match((await problems(connection("host: h, target_session_attrs: master,")))[0] ?? "", /master/);
	});

	it("takes static tokens and literal secrets only where every listener is on loopback", async () => {
		const tokens = "identity: { static_tokens: [{ token: { env: APP_PASSWORD }, subject: a }] }";
		const literal =
			"connections: [{ name: a, type: postgres, upstream: { host: h, database: d, user: u, password: x } }]";
		assert.deepEqual(await problems(tokens), []);
		assert.deepEqual(await problems(literal), []);
		assert.match((await problems(open + tokens))[0] ?? "", /Static tokens/);
		assert.match((await problems(open + literal))[0] ?? "", /^2:\d+ .*secret written in the file/);
	});

	it("takes a public key literally, and a shared one not", async () => {
		const key = (algorithm: string) =>
			`${open}keys: { k: { algorithm: ${algorithm}, key: "-----BEGIN PUBLIC KEY-----" } }`;
		assert.deepEqual(await problems(key("RS256")), []);
		assert.match((await problems(key("HS256")))[0] ?? "", /secret written in the file/);
	});

	it("refuses names that are taken and references to nothing", async () => {
		const found = await problems(`
connections:
  - { name: a, type: postgres, upstream: { host: h, database: d, user: u } }
  - { name: a, type: postgres, upstream: { host: h, database: d, user: u } }
identity: { providers: [{ name: static, type: jwt, issuer: "https://x", audience: a }] }
bundles:
  one: { service: nowhere, resource: x }
  two: { resource: x }
  three: { resource: "file://x", signing: { keyid: none } }
`);
		assert.deepEqual(
			found.map((line) => line.replace(/:\d+ /, " ")),
			[
				"4 There already is a connection with the name `a`.",
				"5 `static` is the name of a provider that the gateway has itself.",
				"7 There is no service `nowhere`.",
				"8 The bundle `two` has no service.",
				"9 There is no key `none`.",
			],
		);
	});
});

describe("the configuration's JSON Schema", () => {
	it("describes what is written: nothing with a default is required, nothing of ours is left in", () => {
		const schema = configJsonSchema();
		const text = JSON.stringify(schema);
		assert.ok(!text.includes('"x-'));
		assert.ok(!("required" in schema));
		assert.equal(schema["additionalProperties"], false);
		const connections = (schema["properties"] as Record<string, { items: { required: string[] } }>)[
			"connections"
		];
		assert.deepEqual(connections?.items.required, ["name", "type", "upstream"]);
	});
});

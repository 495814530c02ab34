import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type ConnectionConfig, ConnectionRegistry, Secret } from "../../../src/connections/index.ts";

function orders(
	given: Partial<ConnectionConfig["upstream"]> = {},
	rest: Partial<ConnectionConfig> = {},
): ConnectionConfig {
	return {
		name: "orders",
		type: "postgres",
		labels: { env: "prod", team: "payments" },
		databases: ["other", "with/slash"],
		upstream: {
			host: "db.test",
			port: 5432,
			target_session_attrs: "any",
			connect_timeout: 10_000,
			pooler: "detect",
			database: "orders",
			user: "app",
			password: new Secret("s"),
			tls: {},
			...given,
		},
		...rest,
	};
}

test("a name alone stands for the connection's own database", () => {
	const { connection, database } = new ConnectionRegistry([orders()]).resolve("orders");
	assert.equal(connection.name, "orders");
	assert.equal(database, "orders");
});

test("NAME/DATABASE chooses a listed database, or its own", () => {
	const registry = new ConnectionRegistry([orders({ database: "main" })]);
	assert.equal(registry.resolve("orders/other").database, "other");
	assert.equal(registry.resolve("orders/with/slash").database, "with/slash");
	assert.equal(registry.resolve("orders/main").database, "main");
});

test("a database that is not listed is refused, however it is spelt", () => {
	const registry = new ConnectionRegistry([orders()]);
	for (const asked of ["orders/postgres", "orders/", "orders/Other", "orders/other ", "orders/other\u0000"]) {
		assert.throws(() => registry.resolve(asked), { code: "connection_database_unlisted" }, asked);
	}
});

test("a connection that is not there is refused", () => {
	const registry = new ConnectionRegistry([orders()]);
	for (const asked of ["", "/", "/orders", "Orders", "payments", "__proto__", "constructor", "orders "]) {
		assert.throws(() => registry.resolve(asked), { code: "connection_unknown" }, asked);
	}
});

test("two connections of one name are an error, and leave what was", () => {
	const registry = new ConnectionRegistry([orders()]);
	assert.throws(() => registry.replaceFromFile([orders({ port: 1 }), orders()]), {
		code: "connection_duplicate",
	});
	assert.equal(registry.get("orders")?.upstream.hosts[0]?.port, 5432);
});

test("reading the file again says what changed, and keeps the objects of what did not", () => {
	const billing = orders({}, { name: "billing" });
	const registry = new ConnectionRegistry([orders(), billing, orders({}, { name: "old" })]);
	const [before, held] = [registry.get("billing"), registry.get("orders")];
	const changes = registry.replaceFromFile([
		orders({ password: new Secret("rotated") }),
		orders({}, { name: "billing", labels: { team: "payments", env: "prod" } }),
		orders({}, { name: "new" }),
	]);
	assert.deepEqual(changes, { added: ["new"], changed: ["orders"], removed: ["old"] });
	assert.equal(registry.get("billing"), before);
	assert.notEqual(registry.get("orders"), held);
	assert.equal(held?.upstream.password?.reveal(), "s");
	assert.deepEqual(
		registry.list().map(({ name }) => name),
		["billing", "new", "orders"],
	);
});

test("every setting counts as a change", () => {
	const variants: ConnectionConfig[] = [
		orders({ host: "other.test" }),
		orders({ port: 1 }),
		orders({ database: "d" }),
		orders({ user: "u" }),
		orders({ password: null }),
		orders({ tls: { mode: "disable" } }),
		orders({ tls: { ca: "/ca.pem" } }),
		orders({ tls: { cert: "/cert.pem" } }),
		orders({ tls: { key: "/key.pem" } }),
		orders({}, { labels: {} }),
		orders({}, { databases: [] }),
	];
	for (const variant of variants) {
		assert.deepEqual(new ConnectionRegistry([orders()]).replaceFromFile([variant]).changed, ["orders"]);
	}
	assert.deepEqual(new ConnectionRegistry([orders()]).replaceFromFile([orders()]).changed, []);
});

test("TLS is verified unless the upstream is on this machine or the file says otherwise", () => {
	const modeOf = (given: Partial<ConnectionConfig["upstream"]>) =>
		new ConnectionRegistry([orders(given)]).get("orders")?.upstream.tls.mode;
	assert.equal(modeOf({ host: "db.test" }), "verify-full");
	assert.equal(modeOf({ host: "127.0.0.1" }), "prefer");
	assert.equal(modeOf({ host: "::1" }), "prefer");
	assert.equal(modeOf({ host: "localhost" }), "prefer");
	assert.equal(modeOf({ host: "/run/postgresql" }), "prefer");
	assert.equal(modeOf({ host: "db.test", tls: { mode: "require" } }), "require");
});

test("a connection printed in any way does not show its password, and a rotated file is read at once", () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-secret-"));
	const file = join(directory, "password");
	writeFileSync(file, "before");
	const password = new Secret(() => readFileSync(file, "utf8"));
	const registry = new ConnectionRegistry([orders({ password })]);
	const connection = registry.get("orders");
	assert.equal(JSON.stringify(connection).includes("before"), false);
	assert.equal(JSON.stringify(connection).includes("[secret]"), true);
	assert.equal(connection?.upstream.password?.reveal(), "before");
	writeFileSync(file, "after");
	assert.equal(connection?.upstream.password?.reveal(), "after");
	rmSync(directory, { recursive: true });
});

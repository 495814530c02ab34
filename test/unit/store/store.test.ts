import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import type { ApiToken } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";

const directory = mkdtempSync(join(tmpdir(), "sallyport-store-"));
after(() => rmSync(directory, { recursive: true }));
let number = 0;
const newPlace = () => mkdtempSync(join(directory, `${number++}-`));

const token: ApiToken = {
	id: "01token",
	hash: new Uint8Array(32).fill(7),
	subject: "agent-7",
	kind: "agent",
	groups: ["agents"],
	owners: [{ subject: "dana", provider: "corp", issuer: "https://id.corp.test", email: null }],
	createdAt: 1,
	expiresAt: 2,
	revokedAt: null,
};

test("what was stored is there after a restart, exactly", () => {
	const place = newPlace();
	const first = openStore("sqlite:", place);
	first.tokens.insert(token);
	first.close();
	const second = openStore("sqlite:", place);
	assert.deepEqual(second.tokens.get("01token"), token);
	assert.equal(second.tokens.revoke("01token", 9), true);
	assert.equal(second.tokens.revoke("01token", 10), false);
	assert.equal(second.tokens.get("01token")?.revokedAt, 9);
	assert.equal(second.tokens.revoke("nothing", 9), false);
	second.close();
});

test("the store's files are readable by their owner only", () => {
	const place = newPlace();
	const store = openStore("sqlite:", place);
	store.tokens.insert(token);
	const files = readdirSync(place);
	assert.ok(files.includes("store.db") && files.length > 1, files.join());
	for (const file of files) assert.equal(statSync(join(place, file)).mode & 0o077, 0, file);
	store.close();
});

test("a store that another process keeps locked fails soon, changes nothing, and still answers", () => {
	const place = newPlace();
	const store = openStore("sqlite:", place);
	store.tokens.insert(token);
	const other = new DatabaseSync(join(place, "store.db"));
	other.exec("BEGIN EXCLUSIVE");
	const started = performance.now();
	assert.throws(() => store.tokens.revoke("01token", 9), { code: "store_unwritable", operator: /locked/ });
	assert.throws(() => store.approvals.transaction(() => {}), { code: "store_unwritable" });
	assert.ok(performance.now() - started < 8_000);
	assert.equal(store.tokens.get("01token")?.revokedAt, null);
	other.exec("ROLLBACK");
	other.close();
	assert.equal(store.tokens.revoke("01token", 9), true);
	store.close();
});

test("every change is durable: WAL with synchronous FULL", () => {
	const place = newPlace();
	const path = join(place, "elsewhere.db");
	openStore(`sqlite:${path}`, "/nowhere").close();
	const database = new DatabaseSync(path);
	assert.equal(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal");
	assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 2);
	database.close();
});

test("a store that a newer release wrote is refused and left as it is", () => {
	const path = join(newPlace(), "store.db");
	const database = new DatabaseSync(path);
	database.exec("PRAGMA user_version = 99");
	database.close();
	assert.throws(() => openStore(`sqlite:${path}`, ""), { code: "store_too_new" });
});

test("what can't be a store is refused with a reason", () => {
	const place = newPlace();
	writeFileSync(join(place, "garbage"), "this is no database ".repeat(100));
	assert.throws(() => openStore(`sqlite:${join(place, "garbage")}`, ""), { code: "store_unreadable" });
	assert.throws(() => openStore("sqlite:", join(place, "missing")), { code: "store_unreadable" });
	assert.throws(() => openStore("sqlite:", join(place, "garbage")), { code: "store_unreadable" });
});

test("another kind of store is refused without showing its password", () => {
	assert.throws(
		() => openStore("postgres://app:hunter2@db/sallyport", ""),
		(error: Error & { code: string }) =>
			error.code === "store_unsupported" && !error.message.includes("hunter2"),
	);
	assert.throws(() => openStore("store.db", ""), { code: "store_unsupported" });
});

test("a transaction that throws changes nothing", () => {
	const store = openStore("sqlite::memory:", "");
	const work = () => {
		store.tokens.insert(token);
		throw new Error("after the insert");
	};
	assert.throws(() => store.approvals.transaction(work), /after the insert/);
	assert.equal(store.tokens.get("01token"), undefined);
	assert.equal(
		store.approvals.transaction(() => 7),
		7,
	);
});

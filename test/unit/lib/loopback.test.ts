import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback, isTrustworthyUrl } from "../../../src/lib/index.ts";

test("what only this machine can reach is loopback", () => {
	for (const host of [
		"127.0.0.1",
		"127.255.0.3",
		"::1",
		"[::1]",
		"localhost",
		"LOCALHOST",
		"::ffff:127.0.0.1",
	]) {
		assert.equal(isLoopback(host), true, host);
	}
});

test("what looks like it is not", () => {
	const hosts = [
		"",
		"0.0.0.0",
		"::",
		"127.0.0.1.corp.test",
		"127.1",
		"localhost.corp.test",
		"128.0.0.1",
		"::ffff:10.0.0.1",
	];
	for (const host of [...hosts, "[::1].test", "0127.0.0.1", "2130706433", "::1%eth0"]) {
		assert.equal(isLoopback(host), false, host);
	}
});

test("a URL is trustworthy over TLS, or on this machine", () => {
	for (const url of [
		"https://id.corp.test/x",
		"http://127.0.0.1:8080/",
		"http://[::1]/",
		"http://localhost",
	]) {
		assert.equal(isTrustworthyUrl(url), true, url);
	}
	for (const url of [
		"http://id.corp.test",
		"ftp://127.0.0.1/",
		"file:///etc/passwd",
		"http://127.0.0.1@id.corp.test",
		"",
	]) {
		assert.equal(isTrustworthyUrl(url), false, url);
	}
});

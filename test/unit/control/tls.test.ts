import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { connect } from "node:tls";
import { loadConfig } from "../../../src/config/index.ts";
import type { Log } from "../../../src/lib/index.ts";
import { startGateway } from "../../../src/main.ts";
import { makeAuthority } from "../../support/certificates.ts";
import { startControl } from "./support.ts";

describe("the control listener with TLS", () => {
	it("speaks TLS 1.2 and later, and nothing to those who speak in clear", async () => {
		const authority = makeAuthority();
		const control = await startControl({}, authority.issue());
		try {
			const { port } = control.app.server.address() as AddressInfo;
			const options = { host: "127.0.0.1", port, ca: authority.ca };
			const status = await new Promise((resolve, reject) => {
				const headers = { authorization: "Bearer dana-token" };
				get({ ...options, path: "/api/v1/whoami", headers, agent: false }, (answer) => {
					answer.resume();
					resolve(answer.statusCode);
				}).on("error", reject);
			});
			assert.equal(status, 200);
			const old = await new Promise((resolve) => {
				const socket = connect({
					...options,
					minVersion: "TLSv1",
					maxVersion: "TLSv1.1",
					ciphers: "DEFAULT@SECLEVEL=0",
				});
				socket.on("secureConnect", () => resolve("connected")).on("error", () => resolve("refused"));
			});
			assert.equal(old, "refused");
			await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
		} finally {
			await control.stop();
		}
	});

	it("is announced as what it is", async () => {
		const directory = mkdtempSync(join(tmpdir(), "sallyport-tls-"));
		const { cert, key } = makeAuthority().issue();
		writeFileSync(join(directory, "cert.pem"), cert);
		writeFileSync(join(directory, "key.pem"), key);
		const file = join(directory, "sallyport.yaml");
		const listener = '{ address: "127.0.0.1:0", tls: { cert: cert.pem, key: key.pem } }';
		writeFileSync(file, `listeners: { control: ${listener} }`);
		const quiet = () => {};
		const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
		const gateway = await startGateway(loadConfig(file, {}), log);
		try {
			assert.match(gateway.listeners[0]?.address ?? "", /^https:\/\/127\.0\.0\.1:\d+$/);
		} finally {
			await gateway.stop();
			rmSync(directory, { recursive: true });
		}
	});
});

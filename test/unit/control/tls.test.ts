import assert from "node:assert/strict";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { connect } from "node:tls";
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
});

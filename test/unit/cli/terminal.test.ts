import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { localTime, Terminal } from "../../../src/cli/terminal.ts";

function terminal(isTTY: boolean, env: NodeJS.ProcessEnv = {}) {
	const written = { out: "", err: "" };
	const stream = (name: "out" | "err") => {
		const made = Object.assign(new PassThrough(), { isTTY });
		made.setEncoding("utf8").on("data", (text) => {
			written[name] += text;
		});
		return made as unknown as NodeJS.WriteStream;
	};
	return { written, terminal: new Terminal(stream("out"), stream("err"), env) };
}

describe("the terminal", () => {
	it("aligns tables, with colour on a terminal and none when piped or not wanted", () => {
		const table = (isTTY: boolean, env?: NodeJS.ProcessEnv) => {
			const { written, terminal: on } = terminal(isTTY, env);
			on.table(
				["ID", "NAME"],
				[
					["1", "käse"],
					["22", "b"],
				],
				"none",
			);
			return written.out;
		};
		assert.equal(table(false), "ID  NAME\n1   käse\n22  b\n");
		assert.equal(table(true), "\u001b[1mID  NAME\u001b[22m\n1   käse\n22  b\n");
		assert.equal(table(true, { NO_COLOR: "1" }), table(false));
	});

	it("lets nothing that is shown act on it", () => {
		const { written, terminal: on } = terminal(true);
		on.line("a\u001b]0;title\u0007\u202eb");
		on.facts([["name", "x\u001b[2J"]]);
		on.note("y\u0000");
		const acting = [
			...(written.out + written.err).replaceAll("\u001b[1m", "").replaceAll("\u001b[22m", ""),
		].filter((character) => character !== "\n" && /[\p{Cc}\p{Cf}]/u.test(character));
		assert.deepEqual(acting, []);
	});

	it("draws progress only on a terminal and only after a second, and wipes it", async () => {
		const quick = terminal(true);
		assert.equal(await quick.terminal.during("building", Promise.resolve(3)), 3);
		const piped = terminal(false);
		const slow = terminal(true);
		await Promise.all([
			piped.terminal.during("building", sleep(1_300)),
			slow.terminal.during("building", sleep(1_300)),
		]);
		assert.equal(quick.written.err, "");
		assert.equal(piped.written.err, "");
		assert.match(slow.written.err, /building/);
		assert.ok(slow.written.err.endsWith("\r\u001b[K"));
	});

	it("tells times in the viewer's zone", () => {
		const { TZ } = process.env;
		try {
			process.env["TZ"] = "Asia/Kolkata";
			assert.equal(localTime("2026-11-26T10:05:33Z"), "2026-11-26 15:35:33 +05:30");
			process.env["TZ"] = "America/St_Johns";
			assert.equal(localTime("2026-11-26T01:05:33Z"), "2026-11-25 21:35:33 -03:30");
			assert.equal(localTime(null), "-");
		} finally {
			if (TZ === undefined) delete process.env["TZ"];
			else process.env["TZ"] = TZ;
		}
	});
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { createProgram } from "../../../src/cli/program.ts";
import { Terminal } from "../../../src/cli/terminal.ts";
import { sallyport } from "./support.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

function everyCommand(): string[][] {
	const terminal = new Terminal(process.stdout, process.stderr, {});
	const program = createProgram({ terminal, env: {}, setExitCode: () => undefined });
	const walk = (command: Command, path: string[]): string[][] => [
		path,
		...command.commands.flatMap((each) => walk(each, [...path, each.name()])),
	];
	return walk(program, []).filter((path) => path.at(-1) !== "__complete");
}

describe("the command line's manners", () => {
	it("has help for every command, on stdout, with exit code 0", async () => {
		for (const path of everyCommand()) {
			const { code, out, err } = await sallyport([...path, "--help"]);
			assert.equal(code, 0, path.join(" "));
			assert.match(out, /^Usage: sallyport/, path.join(" "));
			assert.equal(err, "");
		}
	});

	it("lists nothing that this release does not have", async () => {
		const names = everyCommand().map((path) => path.join(" "));
		for (const absent of ["login", "logout", "connections add"]) {
			assert.ok(!names.includes(absent), absent);
		}
	});

	it("exits 2 for wrong usage, with the mistake on stderr and nothing on stdout", async () => {
		for (const words of [
			["frob"],
			["bundle"],
			["bundle", "frob"],
			["bundle", "build"],
			["bundle", "build", "-o", "x", "--sequence", "-1"],
			["token", "create", "--subject", "a", "--expires", "1h", "--kind", "robot"],
			["sessions", "kill"],
			["sessions", "ls", "--frob"],
			["policy", "eval", "--connection", "a"],
			["completion", "tcsh"],
			["whoami", "extra"],
		]) {
			const { code, out, err } = await sallyport(words);
			assert.equal(code, 2, words.join(" "));
			assert.equal(out, "", words.join(" "));
			assert.notEqual(err, "", words.join(" "));
		}
	});

	it("exits 1 with message, remedy and code when something failed", async () => {
		const { code, out, err } = await sallyport(["bundle", "verify", "/nowhere.tar.gz"]);
		assert.equal(code, 1);
		assert.equal(out, "");
		assert.match(err, /^error: .+\n(detail: .+\n)?remedy: .+\ncode: bundle_unreachable\n$/);
	});

	it("never sends a token in clear beyond this machine, and says so without a token", async () => {
		const far = await sallyport(["whoami", "--url", "http://gateway.example", "--token", "t"]);
		assert.match(far.err, /code: url_insecure/);
		assert.match((await sallyport(["whoami"])).err, /code: token_missing/);
		const nobody = await sallyport(["whoami", "--url", "http://127.0.0.1:1"], { SALLYPORT_TOKEN: "t" });
		assert.match(nobody.err, /code: gateway_unreachable/);
	});

	it("completes commands and options", async () => {
		assert.equal((await sallyport(["__complete", "se"])).out, "serve\nsessions\n");
		assert.equal((await sallyport(["__complete", "sessions", ""])).out, "help\nkill\nls\nreplay\nshow\n");
		assert.match(
			(await sallyport(["__complete", "bundle", "build", "--sign"])).out,
			/^--sign-algorithm\n--sign-key\n$/,
		);
		for (const shell of ["bash", "zsh", "fish"]) {
			assert.match((await sallyport(["completion", shell])).out, /sallyport __complete/);
		}
	});

	it("is a program with exit codes of its own", async () => {
		const run = (...words: string[]) =>
			new Promise<{ code: unknown; out: string }>((resolve) =>
				execFile(process.execPath, [MAIN, ...words], (error, out) =>
					resolve({ code: error?.code ?? 0, out }),
				),
			);
		assert.match((await run("--version")).out, /^\d+\.\d+\.\d+\n$/);
		assert.equal((await run("config", "check", "-c", "/nowhere.yaml")).code, 1);
		assert.equal((await run("frob")).code, 2);
		const source = 'source <("$1" --no-warnings "$2" completion bash); declare -F _sallyport';
		const loaded = await new Promise<string>((resolve) =>
			execFile("bash", ["-c", source, "bash", process.execPath, MAIN], (_error, out) => resolve(out)),
		);
		assert.match(loaded, /_sallyport/);
	});
});

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

	it("lists nothing that this release does not have, and says what to do in its place", async () => {
		for (const path of [["login"], ["logout"], ["connections", "add"], ["connections", "rm"]]) {
			const name = path.at(-1) ?? "";
			const { out } = await sallyport([...path.slice(0, -1), "--help"]);
			assert.doesNotMatch(out, new RegExp(`^  ${name} `, "m"), name);
			const { code, err } = await sallyport([...path, "x", "--frob"]);
			assert.equal(code, 1, name);
			assert.match(err, /^error: .+\nremedy: .+\ncode: (login_absent|registry_read_only)\n$/);
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
			["token", "create", "--subject", "a", "--expires", "5"],
			["lock", "add", "user:x/y", "--expires", "soon"],
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
		assert.equal(
			(await sallyport(["__complete", "sessions", ""])).out,
			"help\nkill\nls\nreplay\nshow\ntail\n",
		);
		assert.match(
			(await sallyport(["__complete", "bundle", "build", "--sign"])).out,
			/^--sign-algorithm\n--sign-key\n$/,
		);
		assert.equal((await sallyport(["__complete", "completion", ""])).out, "bash\nfish\nzsh\n");
		assert.equal((await sallyport(["__complete", "connections", ""])).out, "help\nls\nscan\ntest\n");
		const channel = await sallyport(["__complete", "bundle", "push", "--channel", "c"]);
		assert.equal(channel.out, "canary\n");
		assert.equal(
			(await sallyport(["__complete", "serve", "-c", ""])).out,
			"",
			"a file: the shell knows those",
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
	});

	it("completes in a real bash, as Tab does", async () => {
		const script = `
			sallyport() { "$node" --no-warnings "$main" "$@"; }
			source <(sallyport completion bash)
			COMP_WORDS=(sallyport sessions re) COMP_CWORD=2
			_sallyport; echo "\${COMPREPLY[@]}"
			COMP_WORDS=(sallyport au) COMP_CWORD=1
			_sallyport; echo "\${COMPREPLY[@]}"
			complete -p sallyport`;
		const env = { ...process.env, node: process.execPath, main: MAIN };
		const said = await new Promise<string>((resolve) =>
			execFile("bash", ["--norc", "-c", script], { env }, (_error, out) => resolve(out)),
		);
		assert.equal(said, "replay\naudit\ncomplete -o default -F _sallyport sallyport\n");
	});
});

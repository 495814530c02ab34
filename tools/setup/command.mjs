import { spawn } from "node:child_process";
import { basename } from "node:path";

const KEPT_OUTPUT = 8_000;

/**
 * Runs a program without showing it. Never rejects.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>} output: the end of what it printed, or why it could not be started
 */
export function attempt(program, args, options = {}) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		const keep = (data) => {
			output = (output + data).slice(-KEPT_OUTPUT);
		};
		child.stdout.on("data", keep);
		child.stderr.on("data", keep);
		child.on("error", (error) => resolve({ ok: false, output: error.message }));
		child.on("close", (code) => resolve({ ok: code === 0, output: output.trim() }));
	});
}

/** Runs npm: the one that started us, else the one on PATH. With this Node, whatever npm's first line says. */
export function npm(args, options = {}) {
	const started = process.env.npm_execpath;
	return started !== undefined && basename(started) === "npm-cli.js"
		? attempt(process.execPath, [started, ...args], options)
		: attempt("npm", args, options);
}

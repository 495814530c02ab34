import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Runs somebody else's test program to its end and gives each line of its standard output. Its exit code says only
 * that tests failed, which the lines say better; that it could not be started is thrown.
 */
export async function startProgram(
	program: string,
	args: readonly string[],
	options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
	line: (text: string) => void,
): Promise<void> {
	const child = spawn(program, args, {
		cwd: options.cwd,
		env: { ...process.env, ...options.env },
		stdio: ["ignore", "pipe", "ignore"],
	});
	createInterface({ input: child.stdout }).on("line", line);
	await once(child, "close");
}

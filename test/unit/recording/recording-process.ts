import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("child.ts", import.meta.url));

/** The process that `child.ts` is, from outside. */
export class RecordingProcess {
	readonly process: ChildProcess;
	readonly #lines: AsyncIterator<string>;

	private constructor(process: ChildProcess, lines: Interface) {
		this.process = process;
		this.#lines = lines[Symbol.asyncIterator]();
	}

	/** `wrapper` is a command that runs another, such as `unshare ... --`. */
	static async start(
		context: TestContext,
		dataDir: string,
		durability: "write" | "fsync" = "write",
		wrapper: readonly string[] = [],
	): Promise<RecordingProcess> {
		const [program = "", ...args] = [...wrapper, process.execPath, SCRIPT, dataDir, durability];
		const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
		context.after(() => child.kill("SIGKILL"));
		const started = new RecordingProcess(child, createInterface({ input: child.stdout }));
		await started.answer();
		return started;
	}

	async ask(line: string): Promise<Record<string, unknown>> {
		this.process.stdin?.write(`${line}\n`);
		return this.answer();
	}

	async answer(): Promise<Record<string, unknown>> {
		const { value, done } = await this.#lines.next();
		if (done === true) throw new Error("the recording process ended");
		return JSON.parse(value as string) as Record<string, unknown>;
	}

	/** Every line that is still to come, once the process has ended. */
	async rest(): Promise<string[]> {
		const lines: string[] = [];
		for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next()) {
			lines.push(next.value);
		}
		return lines;
	}

	tell(line: string): void {
		this.process.stdin?.write(`${line}\n`);
	}

	async kill(): Promise<void> {
		const ended = once(this.process, "exit");
		this.process.kill("SIGKILL");
		await ended;
	}

	/** Bounds the size of any file that the process writes (RLIMIT_FSIZE). */
	limit(bytes: number | "unlimited"): void {
		execFileSync("prlimit", ["--pid", String(this.process.pid), `--fsize=${bytes}:unlimited`]);
	}
}

/** Asks until the answer fits; throws after ten seconds. */
export async function until(what: () => Promise<boolean>): Promise<void> {
	for (let tries = 0; tries < 500; tries++) {
		if (await what()) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error("it did not come to pass");
}

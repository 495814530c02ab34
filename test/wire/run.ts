import { spawn } from "node:child_process";

/** How a program ended and what it said. */
export interface Ran {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A program that runs, and can be talked to. */
export interface Running {
	/** Resolves when its standard output or error holds the text so many times; rejects when it ends before. */
	says(text: string, times?: number): Promise<void>;
	interrupt(): void;
	readonly ended: Promise<Ran>;
}

export interface RunOptions {
	readonly input?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	readonly timeoutMs?: number;
}

/** Starts a program with its streams piped. It is killed when it takes too long, which its exit code (null) tells. */
export function start(program: string, args: readonly string[], options: RunOptions = {}): Running {
	const env = { ...process.env, LC_ALL: "C.UTF-8", PGCONNECT_TIMEOUT: "10", ...options.env };
	const { cwd, timeoutMs: timeout = 60_000 } = options;
	const child = spawn(program, args, {
		env,
		timeout,
		killSignal: "SIGKILL",
		...(cwd === undefined ? {} : { cwd }),
	});
	const output = { stdout: "", stderr: "" };
	let changed = () => {};
	for (const stream of ["stdout", "stderr"] as const)
		child[stream].setEncoding("utf8").on("data", (text: string) => {
			output[stream] += text;
			changed();
		});
	child.stdin.on("error", () => {}); // it ended without reading everything, which its exit code tells
	child.stdin.end(options.input ?? "");
	let code: number | null | undefined;
	const ended = new Promise<Ran>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (ended) => {
			code = ended;
			changed();
			resolve({ code: ended, ...output });
		});
	});
	const says = async (text: string, times = 1) => {
		while (`${output.stdout}${output.stderr}`.split(text).length <= times) {
			if (code !== undefined)
				throw new Error(`it ended (${code}) and said\n${output.stdout}${output.stderr}`);
			await new Promise<void>((resolve) => {
				changed = resolve;
			});
		}
	};
	return { says, interrupt: () => void child.kill("SIGINT"), ended };
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
	return start(program, args, options).ended;
}

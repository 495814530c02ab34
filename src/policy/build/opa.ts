import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BuildError } from "./errors.ts";
import { packageRoot } from "./package-root.ts";

const MAX_OUTPUT = 256 * 1024 * 1024;

/** The program `opa`: each method runs it once. No more run at a time than there are processors; the others wait. */
export class Opa {
	readonly path: string;
	readonly #waiting: (() => void)[] = [];
	#free = availableParallelism();

	constructor(path: string) {
		this.path = path;
	}

	/**
	 * The given program, else the one that `tools/opa.mjs` finds; it is built with Go where that is possible, unless
	 * `install` is false. Throws BuildError `opa_missing`.
	 */
	static async find(options: { path?: string | undefined; install?: boolean } = {}): Promise<Opa> {
		if (options.path !== undefined) return new Opa(options.path);
		const url = pathToFileURL(join(packageRoot(), "tools", "opa.mjs")).href;
		const { resolveOpa } = (await import(url)) as {
			resolveOpa(options: { quiet: boolean; install: boolean }): Promise<string>;
		};
		try {
			const quiet = process.stderr.isTTY !== true;
			return new Opa(await resolveOpa({ quiet, install: options.install ?? true }));
		} catch (cause) {
			throw new BuildError("opa_missing", cause instanceof Error ? cause.message : undefined, { cause });
		}
	}

	/** What a run printed. Throws BuildError `opa_failed` with OPA's own words when it ends with another code than 0. */
	async run(args: readonly string[], cwd?: string): Promise<string> {
		if (this.#free > 0) this.#free -= 1;
		else await new Promise<void>((turn) => this.#waiting.push(turn));
		try {
			return await this.#run(args, cwd);
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#free += 1;
			else next();
		}
	}

	#run(args: readonly string[], cwd: string | undefined): Promise<string> {
		return new Promise((resolve, reject) => {
			execFile(this.path, args, { cwd, maxBuffer: MAX_OUTPUT }, (cause, stdout, stderr) => {
				if (cause === null) return resolve(stdout);
				if ("code" in cause && cause.code === "ENOENT") {
					return reject(new BuildError("opa_missing", `${this.path} does not exist`, { cause }));
				}
				const said = stderr.trim() || stdout.trim() || cause.message;
				reject(new BuildError("opa_failed", said, { cause }));
			});
		});
	}

	/** As `run`, for a run that prints JSON. */
	async json<T>(args: readonly string[], cwd?: string): Promise<T> {
		return JSON.parse(await this.run(args, cwd)) as T;
	}
}

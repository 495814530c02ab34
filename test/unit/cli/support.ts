import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { run } from "../../../src/cli/run.ts";
import { Terminal } from "../../../src/cli/terminal.ts";

export interface Ran {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** Runs one command line in this process, its streams piped (no terminal). */
export async function sallyport(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
	const out = new PassThrough();
	const err = new PassThrough();
	const said = Promise.all([text(out), text(err)]);
	const streams = [out, err] as unknown as [NodeJS.WriteStream, NodeJS.WriteStream];
	const code = await run(words, { terminal: new Terminal(...streams, env), env });
	out.end();
	err.end();
	const [stdout, stderr] = await said;
	return { code, out: stdout, err: stderr };
}

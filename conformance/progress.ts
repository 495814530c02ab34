import type { Progress } from "./suite.ts";

const LINE_EVERY_MS = 15_000;

/** Shows on stderr how far `work` is: in place on a terminal, a line now and then elsewhere. */
export async function meter<T>(text: string, work: (progress: Progress) => Promise<T>): Promise<T> {
	const terminal = process.stderr.isTTY === true && !process.env["CI"];
	const started = Date.now();
	let shown = 0;
	let state = "";
	const write = (end: string) => {
		const line = `${text}${state} (${Math.round((Date.now() - started) / 1000)} s)`;
		process.stderr.write(terminal ? `\r\x1b[2K${line}${end}` : `${line}\n`);
		shown = Date.now();
	};
	const timer = terminal ? setInterval(() => write(""), 1_000) : undefined;
	write("");
	try {
		return await work((done, of) => {
			state = `: ${done}${of === undefined ? "" : ` of ${of}`}`;
			if (!terminal && Date.now() - shown > LINE_EVERY_MS) write("");
		});
	} finally {
		clearInterval(timer);
		write("\n");
	}
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;

/** A line that moves on a terminal while something takes its time, and is a plain line elsewhere. */
export class Spinner {
	readonly #out: NodeJS.WriteStream;

	constructor(out: NodeJS.WriteStream) {
		this.#out = out;
	}

	async during<T>(text: string, work: Promise<T>): Promise<T> {
		const started = Date.now();
		const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
		if (this.#out.isTTY !== true) {
			const result = await work;
			this.#out.write(`${text}: ${seconds()}\n`);
			return result;
		}
		let frame = 0;
		const timer = setInterval(() => {
			this.#out.write(`\r\u001b[2K${FRAMES[frame++ % FRAMES.length]} ${text} ${seconds()}`);
		}, FRAME_MS);
		try {
			const result = await work;
			this.#out.write(`\r\u001b[2K✓ ${text} ${seconds()}\n`);
			return result;
		} catch (error) {
			this.#out.write("\r\u001b[2K");
			throw error;
		} finally {
			clearInterval(timer);
		}
	}
}

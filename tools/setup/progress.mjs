/** Tells what takes a while, on stderr: a spinner on a terminal, plain lines elsewhere. */

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;

const animated = () => process.stderr.isTTY === true && process.env.TERM !== "dumb" && !process.env.CI;

/** One line. */
export function say(text) {
	process.stderr.write(`${text}\n`);
}

/**
 * Shows `text` while `work` runs, and how long it took. What `work` rejects with is passed on.
 * @template T
 * @param {string} text
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(text, work) {
	const started = Date.now();
	const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
	if (!animated()) {
		say(`${text} ...`);
		const result = await work();
		say(`${text}: ${seconds()}`);
		return result;
	}
	let frame = 0;
	const draw = (sign) => process.stderr.write(`\r\x1b[2K${sign} ${text} ${seconds()}`);
	const timer = setInterval(() => draw(FRAMES[frame++ % FRAMES.length]), FRAME_MS);
	try {
		const result = await work();
		draw("✓");
		return result;
	} catch (error) {
		draw("✗");
		throw error;
	} finally {
		clearInterval(timer);
		process.stderr.write("\n");
	}
}

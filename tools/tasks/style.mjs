/** Colour for results on a terminal that wants it. */
const coloured =
	process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb" && !process.env.CI;

const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : String(text));

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

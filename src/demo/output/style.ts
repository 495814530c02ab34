/** Colours on a terminal that wants them; plain text elsewhere. */
export interface Style {
	bold(text: string): string;
	dim(text: string): string;
	cyan(text: string): string;
	green(text: string): string;
	yellow(text: string): string;
	red(text: string): string;
}

export function styleFor(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
	const wanted = output.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
	const paint = (code: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[0m` : text);
	return {
		bold: paint(1),
		dim: paint(2),
		red: paint(31),
		green: paint(32),
		yellow: paint(33),
		cyan: paint(36),
	};
}

/** Signals by which somebody ends the demo. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Resolves when the demo is told to end. Repeated signals change nothing: npm passes a Ctrl-C on that the terminal
 * has sent already, and what takes a moment to end must not be left half ended.
 */
export function interruption(): { readonly happened: Promise<"interrupted">; release(): void } {
	let tell: (word: "interrupted") => void;
	const happened = new Promise<"interrupted">((resolve) => {
		tell = resolve;
	});
	const onSignal = () => tell("interrupted");
	for (const signal of SIGNALS) process.on(signal, onSignal);
	return {
		happened,
		release: () => {
			for (const signal of SIGNALS) process.off(signal, onSignal);
		},
	};
}

const WORDS: Readonly<Record<string, string>> = { pass: "passed", fail: "failed", skip: "skipped" };

/** `1,204 passed, 3 failed, 20 skipped`, of what each test gave: `pass`, `fail` or `skip`. */
export function tally(results: ReadonlyMap<string, string>): string {
	return Object.entries(WORDS)
		.map(
			([outcome, word]) => [[...results.values()].filter((each) => each === outcome).length, word] as const,
		)
		.filter(([count]) => count > 0)
		.map(([count, word]) => `${count.toLocaleString("en")} ${word}`)
		.join(", ");
}

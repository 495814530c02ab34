/** One figure, aligned. */
export function line(what: string, value: number, unit: string): void {
	console.log(`  ${what.padEnd(62)} ${format(value).padStart(10)} ${unit}`);
}

/** One figure and what it has to be. */
export function target(
	what: string,
	value: number,
	wanted: number,
	unit: string,
	bound: "at most" | "at least" = "at most",
): void {
	const kept = bound === "at most" ? value <= wanted : value >= wanted;
	console.log(
		`  ${what.padEnd(62)} ${format(value).padStart(10)} ${unit}  (${bound} ${wanted}: ${kept ? "kept" : "MISSED"})`,
	);
}

function format(value: number): string {
	return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(2);
}

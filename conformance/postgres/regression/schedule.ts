import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The suite's tests in the order of its schedule; those of a parallel group one after the other. */
export function scheduled(source: string): string[] {
	return readFileSync(join(source, "parallel_schedule"), "utf8")
		.split("\n")
		.filter((line) => line.startsWith("test:"))
		.flatMap((line) => line.slice("test:".length).trim().split(/\s+/));
}

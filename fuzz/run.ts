/** One part of what is fuzzed. */
export interface Fuzzer {
	/** How many seeds it takes in its turn: what costs little gets many. */
	readonly turn: number;
	/** Starts what it needs. `attempt` throws when a seed shows a fault, and answers how many inputs that were. */
	open(): Promise<{ attempt(seed: number): Promise<number>; close(): Promise<void> }>;
}

/** A part that fails this often has nothing new to tell. */
const MOST_FAILURES = 10;

/**
 * The parts take turns, each with seeds of its own that rise from the one given, until the time is over; each has at
 * least one. Answers how many seeds failed.
 */
export async function run(
	name: string,
	fuzzers: Readonly<Record<string, Fuzzer>>,
	seed: number,
	seconds: number,
): Promise<number> {
	console.log(`fuzzing ${name} from seed ${seed} for ${seconds} s: ${Object.keys(fuzzers).join(", ")}\n`);
	const parts = await Promise.all(
		Object.entries(fuzzers).map(async ([part, fuzzer]) => ({
			...{ part, turn: fuzzer.turn, next: seed, inputs: 0, failures: 0 },
			open: await fuzzer.open(),
		})),
	);
	const end = Date.now() + seconds * 1_000;
	try {
		do {
			for (const each of parts) {
				for (let count = 0; count < each.turn && each.failures < MOST_FAILURES; count++) {
					const tried = each.next++;
					try {
						each.inputs += await each.open.attempt(tried);
					} catch (error) {
						each.failures += 1;
						console.log(`${each.part}, seed ${tried}: ${(error as Error).stack ?? error}`);
						console.log(`again: npm run fuzz -- ${name} --only ${each.part} --seed ${tried} --seconds 0\n`);
					}
					if (Date.now() > end) break;
				}
			}
		} while (Date.now() < end);
	} finally {
		for (const { open } of parts) await open.close();
	}
	for (const { part, next, inputs, failures } of parts)
		console.log(`${part}: ${inputs} inputs from seeds ${seed} to ${next - 1}, ${failures} failed`);
	return parts.reduce((sum, { failures }) => sum + failures, 0);
}

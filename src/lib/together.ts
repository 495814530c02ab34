/**
 * The results of all, in their order; where some failed, the first of them in that order, whichever failed first in time.
 * Either way none of them is at work any more.
 */
export async function together<T extends readonly unknown[] | []>(
	work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
	for (const outcome of await Promise.allSettled(work)) {
		if (outcome.status === "rejected") throw outcome.reason;
	}
	return Promise.all(work);
}

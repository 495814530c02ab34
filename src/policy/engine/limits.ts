/** What bounds an evaluation. */
export interface EngineLimits {
	/** Units that one evaluation may spend: loops entered, functions called, and what the host's builtins charge. */
	readonly budget: number;
	/** Bytes of UTF-8 that an input may have. */
	readonly inputBytes: number;
	/** Pages of 64 KiB that an instance may grow by, beyond its data, before it is replaced by a fresh one. */
	readonly recyclePages: number;
	/** Evaluations after which an instance is replaced by a fresh one. */
	readonly recycleEvaluations: number;
	/** Pages of 64 KiB beyond which an evaluation fails. */
	readonly maximumPages: number;
}

export const DEFAULT_LIMITS: EngineLimits = {
	budget: 1_000_000,
	inputBytes: 8 << 20,
	recyclePages: 512,
	recycleEvaluations: 1_000_000,
	maximumPages: 4096,
};

/** What the counter holds where nothing is to be bounded: the most that it can. */
export const UNBOUNDED = 0x7fff_ffff;

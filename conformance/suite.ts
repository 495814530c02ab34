/** Which way a client goes to the server. */
export type Road = "direct" | "through";

/** What a suite gave on one road. */
export interface Outcome {
	/** A few words for the table, such as "222 tests" or "1,204 passed, 3 failed". */
	readonly summary: string;
	/**
	 * What each of its tests gave, by the test's name: a whole output, or "passed" and the like. Whatever may be
	 * another in each run (times, process ids) is not in it.
	 */
	readonly results: ReadonlyMap<string, string>;
}

/** Tells how far a run is: how many tests are done, and of how many where that is known. */
export type Progress = (done: number, of?: number) => void;

/** Somebody else's tests of a PostgreSQL, which are run once against the server and once through the gateway. */
export interface Suite {
	/** In the table, on the command line, and in the list of differences. */
	readonly name: string;
	/** Gets what it needs on this machine; throws a SetupFailure that says what to do where it can't. */
	prepare(): Promise<void>;
	/** Runs all of it on a server of its own; through the gateway under a policy that allows everything. */
	run(road: Road, progress: Progress): Promise<Outcome>;
}

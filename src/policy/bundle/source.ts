import type { BundleFiles } from "./files.ts";

/** What a source had to offer: the bundle's files, and what to keep of them so that a restart finds them. */
export interface Fetched {
	readonly files: BundleFiles;
	/** The tarball as it came; undefined when there was none (a directory). */
	readonly archive: Buffer | undefined;
	/** Called once the bundle is in force, so that the next answer may be "nothing new since then". */
	activated(): void;
}

/** Where a bundle comes from. */
export interface BundleSource {
	readonly origin: "service" | "file";
	/**
	 * `current`: nothing new since the last activation. `unchanged`: nothing new since the last look, whose bundle was
	 * refused. `patient`: it may be waited for something new. Throws PolicyError.
	 */
	fetch(signal: AbortSignal, patient: boolean): Promise<Fetched | "current" | "unchanged">;
	/** Milliseconds until the next look after this many failures in a row. */
	delay(failures: number): number;
}

import type { BundleFiles, BundleLimits } from "./files.ts";

/** A bundle as it came, unread: its tarball, or the files of a directory. */
export type Content =
	| { readonly archive: Uint8Array; readonly limits: BundleLimits }
	| { readonly files: BundleFiles };

/** What a source had to offer. */
export interface Fetched {
	readonly content: Content;
	/** Called once the bundle is in force, so that the next answer may be "nothing new since then". */
	activated(): void;
}

/** The tarball, which is what is kept for a restart; undefined when there was none. */
export const archiveOf = (content: Content): Uint8Array | undefined =>
	"archive" in content ? content.archive : undefined;

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

import type { AccessDecision, CommandDecision } from "./decision.ts";
import type { DetectorSettings } from "./detectors.ts";
import type { Reuse } from "./reuse.ts";

export interface Evaluation<D> {
	readonly decision: D;
	/** The revision that decided. */
	readonly revision: string;
	/** Budget units spent: loops entered and functions called; the same for the same policy, data and input. */
	readonly cost: number;
	readonly micros: number;
	/** Whether the rules asked what the time is (`time.now_ns`): the input's own, so that the answer can be had again. */
	readonly readTime: boolean;
}

/** Names of bundles and their revisions, as OPA's decision logs have them. */
export type BundleRevisions = Readonly<Record<string, { readonly revision: string }>>;

/** Which of the command package's rule sets depend on what is only known when a statement is executed. */
export interface DependsOnParameters {
	readonly allow: boolean;
	readonly deny: boolean;
	readonly require_approval: boolean;
}

/**
 * One activated revision; immutable and synchronous. Every method takes the input as JSON text and throws
 * PolicyError on anything but a valid decision: the caller denies. A decision is shared between equal answers
 * and frozen.
 */
export interface ActivePolicy {
	readonly revision: string;
	/** Milliseconds since the epoch. */
	readonly activatedAt: number;
	readonly dependsOnParameters: DependsOnParameters;
	/** When an answer may be given again without asking; null: never. */
	readonly reuse: Reuse | null;
	/** What its data adds to the shipped detectors. The same object for as long as it is in force. */
	readonly detectors: DetectorSettings;
	/** The bundles that it was made of. */
	readonly bundles: BundleRevisions;
	/** Whether its module answers at this entrypoint, besides those that a gateway asks. */
	has(entrypoint: string): boolean;
	/** Asks an entrypoint of the bundle's own: the result set, whatever its values are. */
	ask(entrypoint: string, inputJson: string): readonly { readonly result: unknown }[];
	/** @param budget units that it may spend, in place of what is configured for all */
	decideCommand(inputJson: string, budget?: number): Evaluation<CommandDecision>;
	decideSession(inputJson: string): Evaluation<AccessDecision>;
	decideAdmin(inputJson: string): Evaluation<AccessDecision>;
}

/** How one configured bundle fares. Times are milliseconds since the epoch, null while it has not happened. */
export interface BundleStatus {
	readonly name: string;
	/** The revision in force, null while there is none. */
	readonly activeRevision: string | null;
	/** Its sequence; null when it has none. */
	readonly activeSequence: number | null;
	/** What the last thing was that came into force: a whole bundle or changes to one. */
	readonly type: "snapshot" | "delta" | null;
	/** Bytes of the archive that was last activated; null for a directory. */
	readonly size: number | null;
	readonly lastAttempt: number | null;
	/** When the source last answered, were it only that there is nothing new. */
	readonly lastSuccessfulRequest: number | null;
	readonly lastSuccessfulDownload: number | null;
	readonly lastActivation: number | null;
	/** Where the revision in force came from. */
	readonly origin: "service" | "file" | "persisted" | null;
	/** Attempts that failed since the last one that did not. */
	readonly failures: number;
	/** Why the last attempt failed; null when it did not. */
	readonly error: BundleFailure | null;
}

export interface BundleFailure {
	readonly code: string;
	readonly message: string;
	readonly remedy: string;
	/** What the service answered with, where that was the failure. */
	readonly httpStatus: number | null;
}

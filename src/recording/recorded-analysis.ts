import { hash } from "node:crypto";

/**
 * What the analysis said of a command, so that its decision can be repeated: an event of its own, to which the lines
 * of all commands that mean the same refer by its digest. To be kept with what it was made of.
 */
export class RecordedAnalysis {
	/** The first 128 bits of the SHA-256 of `json`, in hexadecimal digits. */
	readonly digest: string;
	/** The policy's `input.command` without text, stage and parameters, as JSON. */
	readonly json: string;

	constructor(json: string) {
		this.json = json;
		this.digest = hash("sha256", json, "hex").slice(0, 32);
	}
}

/** Digests remembered; beyond that an analysis may be written again, which costs room and nothing else. */
const MAX_KNOWN = 8_192;

/** Which analyses the log's current file already holds. */
export class KnownAnalyses {
	readonly #known = new Set<string>();
	#file = -1;
	#last: RecordedAnalysis | undefined;

	/** True when the analysis has to be written into this file; it then counts as known. */
	isNew(analysis: RecordedAnalysis, file: number): boolean {
		if (file !== this.#file) {
			this.#known.clear();
			this.#last = undefined;
			this.#file = file;
		}
		if (analysis === this.#last) return false;
		this.#last = analysis;
		if (this.#known.has(analysis.digest)) return false;
		if (this.#known.size >= MAX_KNOWN) this.#known.clear();
		this.#known.add(analysis.digest);
		return true;
	}
}

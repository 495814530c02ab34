import { quoted } from "../lib/index.ts";
import type { DecisionRecord } from "./events.ts";
import type { JsonText } from "./json-text.ts";
import type { RecordedAnalysis } from "./recorded-analysis.ts";

/**
 * What is the same in the lines of all commands that mean the same and were answered alike: it is made into the bytes
 * of their lines once. To be kept with the answer.
 */
export class RecordedVerdict {
	readonly stage: "parse" | "execute";
	/** Names the command's parse tree; empty where there is none. */
	readonly fingerprint: string;
	/** What the policy was told that the command means; null where it was not asked, or must not be kept. */
	readonly analysis: RecordedAnalysis | null;
	/** How much is kept: the decision's level. `none`: neither text nor parameters, only keyed hashes and counts. */
	readonly level: DecisionRecord["record"];
	readonly decision: DecisionRecord | JsonText;
	#bytes: Buffer | null = null;

	constructor(
		stage: "parse" | "execute",
		fingerprint: string,
		analysis: RecordedAnalysis | null,
		level: DecisionRecord["record"],
		decision: DecisionRecord | JsonText,
	) {
		this.stage = stage;
		this.fingerprint = fingerprint;
		this.analysis = level === "none" ? null : analysis;
		this.level = level;
		this.decision = decision;
	}

	/** These fields of a `command` line as JSON, from a comma on. */
	get bytes(): Buffer {
		this.#bytes ??= Buffer.from(this.#json());
		return this.#bytes;
	}

	#json(): string {
		const { stage, level, fingerprint, analysis, decision } = this;
		const meaning = analysis === null ? "" : `,"analysis":"${analysis.digest}"`;
		const answer = typeof decision === "string" ? decision : JSON.stringify(decision);
		return (
			`,"stage":"${stage}","level":"${level}","fingerprint":${quoted(fingerprint)}${meaning},` +
			`"decision":${answer}`
		);
	}
}

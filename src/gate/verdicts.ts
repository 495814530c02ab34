import type { AnalysedCommand } from "../commands/index.ts";
import type { CommandDecision, Evaluation, RecordLevel } from "../policy/index.ts";
import { jsonText, RecordedAnalysis, RecordedVerdict } from "../recording/index.ts";
import type { Denial } from "./denial.ts";

type Stage = "parse" | "execute";
type Action = "allow" | "deny" | "mask" | "require_approval";
type Asked = Evaluation<CommandDecision>;

/** What of equal answers to commands that mean the same is kept, at most, for one meaning. */
const KEPT = 64;

/** What decisions look like in the record: commands that mean the same and are answered alike share it. */
export class Verdicts {
	/** By the answer itself, which is the same object where it is given again. */
	readonly #byAnswer = new WeakMap<
		Asked,
		{ action: Action; stage: Stage; of: object; verdict: RecordedVerdict }
	>();
	readonly #byMeaning = new WeakMap<AnalysedCommand["statements"], Map<string, RecordedVerdict>>();
	readonly #analyses = new WeakMap<AnalysedCommand["statements"], RecordedAnalysis>();

	/** @param evaluation null for what is never asked about */
	of(command: AnalysedCommand, stage: Stage, evaluation: Asked | null, action: Action): RecordedVerdict {
		if (evaluation === null)
			return new RecordedVerdict(stage, command.fingerprint, null, "commands", NOT_ASKED);
		const of = command.statements;
		const last = this.#byAnswer.get(evaluation);
		if (last !== undefined && last.action === action && last.stage === stage && last.of === of)
			return last.verdict;
		const verdict = this.#shared(command, stage, evaluation, action);
		this.#byAnswer.set(evaluation, { action, stage, of, verdict });
		return verdict;
	}

	#shared(command: AnalysedCommand, stage: Stage, asked: Asked, action: Action): RecordedVerdict {
		let alike = this.#byMeaning.get(command.statements);
		if (alike === undefined) {
			alike = new Map();
			this.#byMeaning.set(command.statements, alike);
		}
		const { decision, revision, cost } = asked;
		const { reasons, masks, filters, limits, record } = decision;
		const json = jsonText({ action, revision, reasons, masks, filters, limits, record, cost });
		const key = `${stage} ${command.redactions.length} ${json}`;
		let verdict = alike.get(key);
		if (verdict === undefined) {
			verdict = new RecordedVerdict(stage, command.fingerprint, this.#analysis(command), record, json);
			if (alike.size >= KEPT) alike.clear();
			alike.set(key, verdict);
		}
		return verdict;
	}

	/** Of a text that holds a password nothing is kept but what is left of the text: who knows what names it. */
	#analysis({ statements, head, tail, redactions }: AnalysedCommand): RecordedAnalysis | null {
		if (redactions.length > 0) return null;
		let analysis = this.#analyses.get(statements);
		if (analysis === undefined) {
			analysis = new RecordedAnalysis(`${head.slice(0, head.indexOf(',"text":'))}${tail}}`);
			this.#analyses.set(statements, analysis);
		}
		return analysis;
	}
}

/** Of a command that was denied because something failed on the way to a decision. */
export function failedVerdict(stage: Stage, denial: Denial, level: RecordLevel): RecordedVerdict {
	const { code: rule, message, remedy } = denial;
	const decision = jsonText({ ...NOT_ASKED_RECORD, action: "deny", reasons: [{ rule, message, remedy }] });
	return new RecordedVerdict(stage, "", null, level, decision);
}

const NOT_ASKED_RECORD = {
	action: "allow",
	revision: "",
	reasons: [],
	masks: [],
	filters: [],
	limits: { max_rows: null, max_bytes: null, timeout: null },
	record: "commands",
	cost: 0,
} as const;

const NOT_ASKED = jsonText(NOT_ASKED_RECORD);

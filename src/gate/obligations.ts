import type { AnalysedCommand } from "../commands/index.ts";
import { parseDuration } from "../lib/index.ts";
import { type ColumnMask, planMasks, planTexts, touchesMasked } from "../masking/index.ts";
import type { CommandDecision, DetectorSettings, Limits, RecordLevel } from "../policy/index.ts";
import { TargetRefusal } from "./denial.ts";
import { GateError } from "./errors.ts";

/** What has to be done while the command runs for the decision to hold. */
export interface Obligations {
	/** By statement: the mask of each column of its rows, or null where the statement's rows pass as they are. */
	readonly masks: readonly (readonly (ColumnMask | null)[] | null)[];
	/** True when a mask reached an output: the record says `mask` then. */
	readonly masked: boolean;
	/** The command reaches a relation with masked columns: the target's free texts must not reach the client. */
	readonly hideTexts: boolean;
	/** What is done with texts of the target's that pass, and with rows that were not analysed; null for nothing. */
	readonly texts: ColumnMask | null;
	/** There are masks of whole values: rows of a statement that was not known to return any must not pass. */
	readonly rowsMustBeKnown: boolean;
	readonly maxRows: number | null;
	readonly maxBytes: number | null;
	readonly timeoutMs: number | null;
	readonly record: RecordLevel;
}

const cache = new WeakMap<CommandDecision, WeakMap<AnalysedCommand["statements"], Obligations>>();

/**
 * Works out what a decision asks for on a command. Throws when it can't be done: that is a denial, made before
 * anything is sent. Decisions and statements are shared between equal answers and equal texts, so the result is kept by them.
 */
export function obligationsOf(
	decision: CommandDecision,
	command: AnalysedCommand,
	settings: DetectorSettings,
): Obligations {
	let byCommand = cache.get(decision);
	if (byCommand === undefined) {
		byCommand = new WeakMap();
		cache.set(decision, byCommand);
	}
	const known = byCommand.get(command.statements);
	if (known !== undefined) return known;
	const obligations = workOut(decision, command, settings);
	byCommand.set(command.statements, obligations);
	return obligations;
}

function workOut(
	decision: CommandDecision,
	command: AnalysedCommand,
	settings: DetectorSettings,
): Obligations {
	const whole = decision.masks.filter(({ detectors }) => detectors.length === 0);
	const masks = command.results.map((result, index) => {
		if (decision.masks.length === 0) return null;
		if (result.returns !== "rows" && result.returns !== "copy_out") return null;
		const statement = command.statements[index];
		if (command.unresolved !== null) throw new TargetRefusal(command.unresolved); // there will be no rows at all
		const unknown = result.output === null || statement === undefined || statement.opaque;
		if (unknown && whole.length > 0) throw new GateError("mask_unknown");
		return result.output === null ? null : planMasks(result.output, decision.masks, settings);
	});
	return {
		masks,
		masked: masks.some((mask) => mask !== null),
		hideTexts: hidesTexts(decision, command),
		texts: planTexts(decision.masks, settings),
		rowsMustBeKnown: whole.length > 0,
		...limitsOf(decision.limits),
		record: decision.record,
	};
}

/**
 * What can't be read may touch anything, and SET CONSTRAINTS runs the checks that earlier statements of the
 * transaction put off.
 */
function hidesTexts({ masks }: CommandDecision, command: AnalysedCommand): boolean {
	if (masks.every(({ detectors }) => detectors.length > 0)) return false;
	const touched = touchesMasked(command.statements, masks, command.relation);
	return touched || command.statements.some(({ opaque, kind }) => opaque || kind === "set_constraints");
}

function limitsOf(limits: Limits): Pick<Obligations, "maxRows" | "maxBytes" | "timeoutMs"> {
	const timeoutMs = limits.timeout === null ? null : parseDuration(limits.timeout);
	if (timeoutMs === undefined)
		throw new GateError("cannot_discharge", `the policy's timeout is not a duration: ${limits.timeout}`);
	return { maxRows: limits.max_rows, maxBytes: limits.max_bytes, timeoutMs };
}

import type { ColumnSource, OutputColumn } from "../commands/index.ts";
import type { MaskObligation, TransformName } from "../policy/index.ts";
import { MaskingError } from "./errors.ts";
import { isTable, type MaskedColumnName, parseColumnName } from "./names.ts";

/** What happens to one column of a result. */
export interface ColumnMask {
	/** The rule that asked for it; several that ask for the same are joined by `, `. */
	readonly rule: string;
	readonly transform: TransformName;
	/** For `partial`: how many characters stay at the end. */
	readonly keep: number;
	/**
	 * True for what is made from a masked column: NULL is masked as well there, since it says something of the value
	 * (`nullif(left(email, 1), 'a')`). Of the column itself NULL only says that there is none.
	 */
	readonly derived: boolean;
}

/** The strictest first. */
const STRICTNESS: Readonly<Record<TransformName, number>> = { null: 0, redact: 1, hash: 2, partial: 3 };

/**
 * Meets a decision's masks with where a result's columns come from. A column that is exactly a masked one is masked
 * as the policy says; one that is made from it in any way is redacted, or null where the policy said null, and so is
 * one that something unread had a part in, whatever the masks name. Several masks on one column: the strictest wins.
 *
 * @returns for each output column its mask or null; null when nothing is to be masked
 * @throws MaskingError when a mask can't be read: the caller denies
 */
export function planMasks(
	output: readonly OutputColumn[],
	masks: readonly MaskObligation[],
): readonly (ColumnMask | null)[] | null {
	if (masks.length === 0) return null;
	const rules = masks.map(readRule);
	const plan = output.map((column) => maskOf(column, rules));
	return plan.some((mask) => mask !== null) ? plan : null;
}

interface Rule {
	readonly mask: ColumnMask;
	readonly names: readonly MaskedColumnName[];
}

function readRule(mask: MaskObligation): Rule {
	if (mask.detectors.length > 0) {
		throw new MaskingError("mask_detectors_unsupported", `the mask of rule ${mask.rule} asks for detectors`);
	}
	const { rule, transform, keep } = mask;
	return { mask: { rule, transform, keep, derived: false }, names: mask.columns.map(parseColumnName) };
}

function maskOf(column: OutputColumn, rules: readonly Rule[]): ColumnMask | null {
	let strictest: ColumnMask | null = null;
	// Something unread had a part in it, so any masked column may be in there.
	if (column.opaque) for (const rule of rules) strictest = stricter(strictest, forFlow(rule.mask, "derived"));
	for (const source of column.sources) {
		for (const rule of rules) {
			if (!covers(rule, source)) continue;
			strictest = stricter(strictest, forFlow(rule.mask, source.flow));
		}
	}
	return strictest;
}

function covers(rule: Rule, source: Omit<ColumnSource, "flow">): boolean {
	for (const name of rule.names) {
		if (name.column !== null && name.column !== source.column) continue;
		if (isTable(name, source.schema, source.table)) return true;
	}
	return false;
}

/** A part or a hash of something derived would still tell of the value itself in ways nobody looked at. */
function forFlow(mask: ColumnMask, flow: ColumnSource["flow"]): ColumnMask {
	if (flow === "direct") return mask;
	return {
		rule: mask.rule,
		transform: mask.transform === "null" ? "null" : "redact",
		keep: 0,
		derived: true,
	};
}

function stricter(a: ColumnMask | null, b: ColumnMask): ColumnMask {
	if (a === null) return b;
	const derived = a.derived || b.derived;
	const difference = STRICTNESS[a.transform] - STRICTNESS[b.transform] || a.keep - b.keep;
	if (difference !== 0) return { ...(difference < 0 ? a : b), derived };
	const rule = a.rule.split(", ").includes(b.rule) ? a.rule : `${a.rule}, ${b.rule}`;
	return { ...a, rule, derived };
}

import type { ColumnSource, OutputColumn } from "../commands/index.ts";
import type { MaskObligation } from "../policy/index.ts";
import { MaskingError } from "./errors.ts";
import type { ColumnMask, JsonPath, Transform } from "./mask.ts";
import { isTable, type MaskedColumnName, parseColumnName } from "./names.ts";
import { stricter } from "./strictness.ts";

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
	readonly rule: string;
	readonly how: Transform;
	readonly names: readonly MaskedColumnName[];
}

function readRule(mask: MaskObligation): Rule {
	if (mask.detectors.length > 0)
		throw new MaskingError("mask_detectors_unsupported", `the mask of rule ${mask.rule} asks for detectors`);
	const { rule, transform, keep, keep_first, preserve, to, zero } = mask;
	return {
		rule,
		how: { transform, keep, keepFirst: keep_first, preserve, to, zero },
		names: mask.columns.map(parseColumnName),
	};
}

function maskOf(column: OutputColumn, rules: readonly Rule[]): ColumnMask | null {
	let strictest: ColumnMask | null = null;
	// Something unread had a part in it, so any masked column may be in there.
	if (column.opaque) for (const rule of rules) strictest = stricter(strictest, derivedMask(rule));
	for (const source of column.sources) {
		for (const rule of rules) {
			for (const name of rule.names) {
				if (!covers(name, source)) continue;
				const mask = source.flow === "direct" ? directMask(rule, name.path) : derivedMask(rule);
				strictest = stricter(strictest, mask);
			}
		}
	}
	return strictest;
}

function covers(name: MaskedColumnName, source: Omit<ColumnSource, "flow">): boolean {
	if (name.column !== null && name.column !== source.column) return false;
	return isTable(name, source.schema, source.table);
}

function directMask({ rule, how }: Rule, path: JsonPath | null): ColumnMask {
	return { ...how, rule, derived: false, within: path === null ? null : [{ ...how, path }] };
}

/** A part or a hash of something derived would still tell of the value itself in ways nobody looked at. */
function derivedMask({ rule, how }: Rule): ColumnMask {
	return {
		rule,
		transform: how.transform === "null" ? "null" : "redact",
		...{ keep: 0, keepFirst: 0, preserve: false, to: null },
		zero: how.transform === "redact" && how.zero,
		derived: true,
		within: null,
	};
}

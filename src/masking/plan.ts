import type { OutputColumn } from "../commands/index.ts";
import { type DetectorSettings, type MaskObligation, NO_DETECTOR_SETTINGS } from "../policy/index.ts";
import { detectorsOf } from "./detectors/index.ts";
import type { ColumnMask, Detection, JsonPath, Transform } from "./mask.ts";
import { coversColumn, isEverything, type MaskedColumnName, parseColumnName } from "./names.ts";
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
	settings: DetectorSettings = NO_DETECTOR_SETTINGS,
): readonly (ColumnMask | null)[] | null {
	if (masks.length === 0) return null;
	const rules = masks.map((mask) => readRule(mask, settings));
	const plan = output.map((column) => maskOf(column, rules));
	return plan.some((mask) => mask !== null) ? plan : null;
}

interface Rule {
	readonly rule: string;
	readonly how: Transform;
	readonly names: readonly MaskedColumnName[];
	/** Null for a mask of whole values. */
	readonly detect: Pick<Detection, "wanted" | "detectors"> | null;
}

function readRule(mask: MaskObligation, settings: DetectorSettings): Rule {
	const { detectors: wanted } = mask;
	const { rule, transform, keep, keep_first, preserve, to, zero } = mask;
	return {
		rule,
		how: { transform, keep, keepFirst: keep_first, preserve, to, zero },
		names: mask.columns.map(parseColumnName),
		detect: wanted.length === 0 ? null : { wanted, detectors: detectorsOf(wanted, settings) },
	};
}

function maskOf(column: OutputColumn, rules: readonly Rule[]): ColumnMask | null {
	let strictest: ColumnMask | null = null;
	for (const rule of rules)
		if (detects(rule, column)) strictest = stricter(strictest, detectingMask(rule, column));
	const whole = rules.filter(({ detect }) => detect === null);
	// Something unread had a part in it, so any masked column may be in there.
	if (column.opaque) for (const rule of whole) strictest = stricter(strictest, derivedMask(rule));
	for (const source of column.sources) {
		for (const rule of whole) {
			for (const name of rule.names) {
				if (source.flow === "count_only" || !coversColumn(name, source)) continue;
				const mask = source.flow === "direct" ? directMask(rule, name.path) : derivedMask(rule);
				strictest = stricter(strictest, mask);
			}
		}
	}
	return strictest;
}

/** What is found in a value is found in what is made of it too; a rule on all columns looks at constants as well. */
function detects({ detect, names }: Rule, { sources, opaque }: OutputColumn): boolean {
	if (detect === null) return false;
	if (opaque || names.some(isEverything)) return true;
	return sources.some((source) => names.some((name) => coversColumn(name, source)));
}

function detectingMask({ rule, how, detect }: Rule, { name, sources }: OutputColumn): ColumnMask {
	if (detect === null) throw new TypeError("a rule of whole values");
	const called = [name, ...sources.map(({ column }) => column)].join(" ");
	const announced = detect.detectors.announcedBy(called);
	return { ...how, rule, derived: false, within: null, detect: { ...detect, announced } };
}

/**
 * What is done with a text that no column is known of: an error's, a notice's, rows that were not analysed.
 * @returns null where no mask on all columns has detectors
 */
export function planTexts(masks: readonly MaskObligation[], settings: DetectorSettings): ColumnMask | null {
	let mask: ColumnMask | null = null;
	for (const each of masks) {
		const rule = readRule(each, settings);
		if (rule.detect === null) continue;
		const found = detectingMask(rule, { name: "", sources: [], opaque: false, origin: null });
		mask = mask === null ? found : stricter(mask, found);
	}
	return mask;
}

function directMask({ rule, how }: Rule, path: JsonPath | null): ColumnMask {
	return { ...how, rule, derived: false, within: path === null ? null : [{ ...how, path }], detect: null };
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
		detect: null,
	};
}

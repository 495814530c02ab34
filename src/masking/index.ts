export {
	holdsDetected,
	NO_ROOM,
	replaceDetected,
	replaceDetectedJson,
	UNTOUCHED,
	writeDetected,
} from "./detect.ts";
export {
	type Announced,
	Detectors,
	detectorsOf,
	type Hit,
	NOTHING,
	ReplacingStream,
	replaceFound,
} from "./detectors/index.ts";
export { MASKING_ERRORS, MaskingError, MissingColumn } from "./errors.ts";
export { MaskKeys } from "./keys.ts";
export type { ColumnMask, Detection, JsonPath, PathMask, Transform } from "./mask.ts";
export { type MaskedColumnName, parseColumnName } from "./names.ts";
export { planMasks, planTexts } from "./plan.ts";
export { compareStrictness } from "./strictness.ts";
export { type ColumnEvidence, ColumnSurvey, type Proposal, proposalOf, suggestedBy } from "./survey.ts";
export { type FactsOf, touchesMasked } from "./touches.ts";
export {
	HASH_CHARACTERS,
	LONGEST_JSON,
	LONGEST_SHOWN,
	maskBytes,
	maskPaths,
	maskText,
	maskValue,
	REDACTED,
	redactedValue,
} from "./transforms.ts";
export { usesMasked } from "./uses.ts";
export type { ValueKind } from "./values/kinds.ts";
export { partialText } from "./values/partial.ts";
export { NOT_ASCII, PARTIAL_GROWTH, writePartial } from "./values/partial-ascii.ts";
export { tokenValue } from "./values/tokens.ts";

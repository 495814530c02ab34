export { MASKING_ERRORS, MaskingError } from "./errors.ts";
export { type MaskedColumnName, parseColumnName } from "./names.ts";
export { type ColumnMask, planMasks } from "./plan.ts";
export { type FactsOf, touchesMasked } from "./touches.ts";
export { maskBytes, maskText, partialText, REDACTED } from "./transforms.ts";

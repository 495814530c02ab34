export { type Announced, NOTHING } from "./context.ts";
export { type DetectorSettings, Detectors, NO_SETTINGS } from "./detectors.ts";
export { compileExpression } from "./expressions.ts";
export { DETECTOR_KINDS, type DetectorKind, type Hit } from "./kinds.ts";
export { mark, type Replace, ReplacingStream, replaceFound } from "./stream.ts";

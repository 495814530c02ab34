export { type Announced, NOTHING } from "./context.ts";
export { Detectors, detectorsOf } from "./detectors.ts";
export type { Hit } from "./kinds.ts";
export { mark, type Replace, ReplacingStream, replaceFound, replaceHits } from "./stream.ts";

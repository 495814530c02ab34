export type { Alternative } from "./alternatives.ts";
export { completeInput, SOMEBODY } from "./complete.ts";
export { type ExplainedRule, type Explanation, explain } from "./explanation.ts";

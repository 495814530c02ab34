export { CHANGE_TITLES, CHANGES, type Change, changeBetween, rulesBehind } from "./change.ts";
export { countOf, type FailOn, parseFailOn } from "./fail-on.ts";
export { type InputParts, inputText } from "./input-parts.ts";
export { impactMarkdown } from "./markdown.ts";
export { type RecordedCommand, type ReplayOptions, replayImpact } from "./replay.ts";
export type { ChangedDecision, ChangeGroup, ImpactReport, ReplayedCommand } from "./report.ts";
export { type RuleUse, RuleUses } from "./rule-uses.ts";
export { type Verdict, verdictOf } from "./verdict.ts";

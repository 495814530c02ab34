export type { ActivePolicy, BundleFailure, BundleStatus, DependsOnParameters, Evaluation } from "./active.ts";
export { assemble } from "./bundle/activate.ts";
export type { Bundle } from "./bundle/bundle.ts";
export { type BundleDifference, compareBundles } from "./bundle/difference.ts";
export { EarlierData } from "./bundle/earlier.ts";
export { type BundleFacts, inspectBundle } from "./bundle/inspect.ts";
export type { RuleEntry } from "./bundle/manifest.ts";
export { type OpenOptions, openPolicy, readBundleAt, readUnverified } from "./bundle/offline.ts";
export { verificationOf } from "./bundle/parts.ts";
export type { Verification } from "./bundle/signature.ts";
export {
	type BundleConfig,
	type KeyConfig,
	type PolicyConfig,
	policyProperties,
	type ServiceConfig,
	SIGNING_ALGORITHMS,
	type SigningConfig,
} from "./config.ts";
export * from "./decision.ts";
export { type DecisionLogCounters, LOSSES } from "./decision-log/counters.ts";
export type { DecisionFacts } from "./decision-log/event.ts";
export {
	DETECTOR_KINDS,
	type DetectorKind,
	type DetectorSettings,
	NO_DETECTOR_SETTINGS,
} from "./detectors.ts";
export { Discovery } from "./discovery/discovery.ts";
export { PolicyEngine, type ReadyPolicy } from "./engine/engine.ts";
export { DEFAULT_LIMITS, type EngineLimits } from "./engine/limits.ts";
export { ENTRYPOINTS, type Entrypoint } from "./entrypoints.ts";
export { POLICY_ERRORS, PolicyError, type PolicyErrorCode } from "./errors.ts";
export * from "./explain/index.ts";
export * from "./impact/index.ts";
export * from "./input.ts";
export { type PluginOptions, PolicyPlugins } from "./plugins.ts";
export { type Reuse, reuseOf, type TimePart } from "./reuse.ts";
export { splitRevision } from "./revision.ts";
export { PolicyRuntime, type PolicyRuntimeOptions } from "./runtime.ts";
export * from "./shadow/index.ts";

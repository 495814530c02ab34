export type { ActivePolicy, BundleStatus, DependsOnParameters, Evaluation } from "./active.ts";
export {
	BundleConfig,
	KeyConfig,
	POLICY_CONFIG,
	type PolicyConfig,
	ServiceConfig,
	SIGNING_ALGORITHMS,
	SigningConfig,
} from "./config.ts";
export * from "./decision.ts";
export { type DecisionOf, ENTRYPOINTS, type Entrypoint } from "./entrypoints.ts";
export { POLICY_ERRORS, PolicyError, type PolicyErrorCode } from "./errors.ts";
export * from "./input.ts";

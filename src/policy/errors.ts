import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

/** Everything that the policy room raises. Whoever asked for a decision and gets one of these denies. */
export const POLICY_ERRORS = {
	no_policy: {
		cause: "no policy is active",
		remedy:
			"configure a bundle that carries the sallyport entrypoints and see its status for why it is not active",
	},
	policy_budget: {
		cause: "the policy's evaluation exceeded its budget",
		remedy: "look for a rule whose cost grows with the input and bound it; `policy eval` shows the cost",
	},
	policy_builtin: {
		cause: "a builtin function failed in the policy",
		remedy: "guard the call in the rule against values that the builtin does not take",
	},
	policy_trap: {
		cause: "the policy's evaluation was aborted",
		remedy:
			"replay the input with `policy eval`; conflicting rules and exhausted memory end an evaluation so",
	},
	policy_input_invalid: {
		cause: "the policy's input is not valid JSON",
		remedy: "report this with the command that caused it: the gateway made an input that the engine refuses",
	},
	policy_input_too_large: {
		cause: "the policy's input is larger than the engine takes",
		remedy: "send a smaller command",
	},
	policy_output_invalid: {
		cause: "the policy's decision does not have the decision's schema",
		remedy: "let the library's combining rules make the decision and check the elements that your rules add",
	},
	bundle_invalid: {
		cause: "the bundle's archive or one of its files is malformed",
		remedy: "build the bundle again with `sallyport bundle build`",
	},
	bundle_truncated: {
		cause: "the bundle's archive ends before it is complete",
		remedy: "publish the bundle again; check what lies between its server and the gateway",
	},
	bundle_too_large: {
		cause: "the bundle exceeds its size limit",
		remedy: "make the bundle smaller or raise bundles.NAME.size_limit_bytes",
	},
	bundle_signature: {
		cause: "the bundle's signature does not verify",
		remedy: "sign the bundle with the key that bundles.NAME.signing names, and configure that key",
	},
	bundle_detector: {
		cause:
			"an own detector in the bundle's data can't be used: its expression doesn't compile, or its name is taken",
		remedy:
			"correct data.sallyport.packs.pii.expressions: RE2's syntax, no look-around, no back-references, never the empty text",
	},
	bundle_no_entrypoint: {
		cause: "the bundle lacks an entrypoint that the gateway asks",
		remedy: "build the bundle with `sallyport bundle build`, which compiles all three entrypoints",
	},
	bundle_roots: {
		cause: "the bundle's roots overlap another's or do not cover its files",
		remedy: "give every bundle roots of its own in its .manifest",
	},
	bundle_sequence: {
		cause: "the bundle is older than the one that is or was active",
		remedy: "publish it with a higher sequence, as a roll back does; `bundle build --sequence` gives it one",
	},
	bundle_module: {
		cause: "the bundle's WASM module can't be run",
		remedy: "build it with opa 1.x for the wasm target, without further processing",
	},
	bundle_builtin: {
		cause: "the bundle's policy calls a builtin function that the gateway does not offer",
		remedy: "build it with policy-schemas/capabilities.json, which names those offered",
	},
	bundle_smoke: {
		cause: "the bundle's policy failed on a trial input",
		remedy: "run `policy eval` on the bundle; every entrypoint must answer any well-formed input",
	},
	bundle_selftest: {
		cause: "the bundle's own test, its entrypoint sallyport/selftest, failed",
		remedy: "correct the rule or the test that the detail names, and publish the bundle again",
	},
	bundle_unreachable: {
		cause: "the bundle could not be fetched",
		remedy: "check the service's url, credentials and network; the last active bundle stays in force",
	},
	bundle_config: {
		cause: "the bundle's configuration is incomplete",
		remedy: "correct the services, bundles and keys sections of the configuration",
	},
	bundle_delta: {
		cause: "the delta bundle does not fit the bundle in force",
		remedy: "publish the whole bundle; a delta has the same roots and module as the snapshot that it changes",
	},
	bundle_persist: {
		cause: "the bundle's persisted state can't be read or written",
		remedy:
			"make persistence_directory writable and give it room; without it a restart needs the bundle's server",
	},
	service_credentials: {
		cause: "the service's credentials can't be had",
		remedy:
			"check services.NAME.credentials and tls: the files they name, the token endpoint, the variables they read",
	},
	discovery_invalid: {
		cause: "the discovered configuration can't be used",
		remedy:
			"correct the discovery bundle; until then the configuration from before stays, and `config schema` has the keys",
	},
	status_upload: {
		cause: "the status report could not be sent",
		remedy: "check the service that status.service names; the newest report is sent when it answers again",
	},
	decision_log_upload: {
		cause: "the decision log could not be sent",
		remedy:
			"check the service that decision_logs.service names; events stay in the buffer, within its limit, until it answers",
	},
	decision_log_mask: {
		cause: "a decision could not be masked, so it was not logged",
		remedy: "correct the rules that mask_decision and drop_decision name; the record has the decision",
	},
} as const satisfies ErrorTable;

export type PolicyErrorCode = keyof typeof POLICY_ERRORS;

export interface PolicyErrorOptions extends ErrorOptions {
	/** What a service answered with, where that was the failure. */
	readonly httpStatus?: number;
}

export class PolicyError extends SallyportError<PolicyErrorCode> {
	readonly httpStatus: number | undefined;

	constructor(code: PolicyErrorCode, message?: string, options: PolicyErrorOptions = {}) {
		super(code, POLICY_ERRORS, message, options);
		this.httpStatus = options.httpStatus;
	}
}

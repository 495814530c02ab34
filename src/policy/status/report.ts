import type { BundleStatus } from "../active.ts";
import type { PolicyError } from "../errors.ts";

export type PluginName = "bundle" | "discovery" | "status" | "decision_logs";
export type PluginState = "OK" | "NOT_READY" | "ERROR";

/** What is reported, in OPA's form. */
export interface StatusReport {
	readonly labels: Readonly<Record<string, string>>;
	readonly bundles: Readonly<Record<string, ReportedBundle>>;
	readonly discovery?: ReportedBundle;
	readonly decision_logs?: ReportedDecisionLogs;
	readonly plugins: Partial<Readonly<Record<PluginName, { readonly state: PluginState }>>>;
}

export interface ReportedBundle {
	readonly name: string;
	readonly active_revision?: string;
	readonly last_successful_activation: string;
	readonly type?: string;
	readonly size?: number;
	readonly last_successful_download: string;
	readonly last_successful_request: string;
	readonly last_request: string;
	/** OPA's own for any failure; which one it was stands in `errors`. */
	readonly code?: "bundle_error";
	readonly message?: string;
	readonly errors?: readonly { readonly code: string; readonly message: string; readonly remedy: string }[];
	readonly http_code?: number;
}

export interface ReportedDecisionLogs {
	readonly code?: "decision_log_error";
	readonly message?: string;
	readonly http_code?: number;
	readonly metrics: Readonly<Record<string, number>>;
}

/** What Go writes for a time that never was. */
const NEVER = "0001-01-01T00:00:00Z";

export function reportedBundle(status: BundleStatus): ReportedBundle {
	const { error } = status;
	return {
		name: status.name,
		...(status.activeRevision === null ? {} : { active_revision: status.activeRevision }),
		last_successful_activation: time(status.lastActivation),
		...(status.type === null ? {} : { type: status.type }),
		...(status.size === null ? {} : { size: status.size }),
		last_successful_download: time(status.lastSuccessfulDownload),
		last_successful_request: time(status.lastSuccessfulRequest),
		last_request: time(status.lastAttempt),
		...(error === null
			? {}
			: {
					code: "bundle_error",
					message: error.message,
					errors: [{ code: error.code, message: error.message, remedy: error.remedy }],
					...(error.httpStatus === null ? {} : { http_code: error.httpStatus }),
				}),
	};
}

export function reportedDecisionLogs(
	error: PolicyError | null,
	metrics: Readonly<Record<string, number>>,
): ReportedDecisionLogs {
	if (error === null) return { metrics };
	const message = error.operator === undefined ? error.message : `${error.message} (${error.operator})`;
	return {
		code: "decision_log_error",
		message,
		...(error.httpStatus === undefined ? {} : { http_code: error.httpStatus }),
		metrics,
	};
}

const time = (milliseconds: number | null) =>
	milliseconds === null ? NEVER : new Date(milliseconds).toISOString();

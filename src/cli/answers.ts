import type { ApprovalView } from "../approvals/index.ts";
import type { CommandDecision, Explanation } from "../policy/index.ts";

/**
 * What the control plane answers, as far as the command line reads it. The command line speaks HTTP and never imports
 * the control plane; its tests run against the real one.
 */
export interface PrincipalAnswer {
	readonly subject: string;
	readonly kind: string;
	readonly provider: string;
	readonly issuer: string;
}

export interface Whoami {
	readonly principal: PrincipalAnswer & {
		readonly groups: readonly string[];
		readonly on_behalf_of: { readonly subject: string } | null;
	};
	readonly credential: { readonly id: string; readonly kind: string; readonly expires_at: string | null };
}

export interface TokenAnswer {
	readonly id: string;
	readonly subject: string;
	readonly kind: string;
	readonly groups: readonly string[];
	readonly owners: readonly { readonly subject: string }[];
	readonly created_at: string;
	readonly expires_at: string;
	readonly revoked_at: string | null;
}

export interface LockAnswer {
	readonly id: string;
	readonly target: string;
	readonly message: string;
	readonly created_at: string;
	readonly created_by: string;
	readonly expires_at: string | null;
}

export interface ConnectionAnswer {
	readonly name: string;
	readonly type: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly databases: readonly string[];
	/** Where clients reach it through the gateway. */
	readonly endpoint: { readonly host: string; readonly port: number; readonly tls: boolean };
}

export interface ConnectionTrial {
	readonly ok: boolean;
	readonly server_version: string | null;
	readonly encrypted: boolean | null;
	readonly milliseconds: number;
	readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

export interface ProposedColumn {
	readonly schema: string;
	readonly table: string;
	readonly column: string;
	readonly values: number;
	readonly found: Readonly<Record<string, number>>;
	readonly whole: Readonly<Record<string, number>>;
	readonly named: string | null;
	readonly proposal:
		| { readonly way: "mask"; readonly transform: "partial" | "redact"; readonly keep: number }
		| { readonly way: "detect"; readonly detectors: readonly string[] };
}

export interface ConnectionScan {
	readonly columns: readonly ProposedColumn[];
	readonly tables: number;
	readonly scanned: number;
	readonly skipped: readonly { readonly schema: string; readonly table: string; readonly reason: string }[];
}

export interface PublishedBundle {
	readonly name: string;
	readonly revision: string;
	readonly sequence: number | null;
	readonly etag: string;
	readonly bytes: number;
	readonly signed: boolean;
	readonly pushed_at: string;
	readonly pushed_by: string;
	readonly commit: string | null;
	readonly channels: readonly ("stable" | "canary")[];
	readonly canaries: {
		readonly labels: Readonly<Record<string, string>> | null;
		readonly share: number;
	} | null;
	readonly current: boolean;
}

/** How one bundle of a gateway fares. */
export interface BundleStatusAnswer {
	readonly name: string;
	readonly active_revision: string | null;
	readonly origin: string | null;
	readonly last_attempt: string | null;
	readonly last_activation: string | null;
	readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

export interface BundleOverview {
	readonly active: { readonly revision: string; readonly activated_at: string } | null;
	readonly bundles: readonly BundleStatusAnswer[];
	readonly discovery: BundleStatusAnswer | null;
	readonly mask_faults: readonly {
		readonly connection: string;
		readonly code: string;
		readonly message: string;
		readonly remedy: string;
		readonly denied_at: string;
	}[];
	readonly published: readonly PublishedBundle[];
	readonly gateways: readonly {
		readonly id: string;
		readonly labels: Readonly<Record<string, string>>;
		readonly reported_by: string;
		readonly reported_at: string;
		readonly bundles: readonly {
			readonly name: string;
			readonly active_revision: string | null;
			readonly active_since: string | null;
			readonly last_download: string | null;
			readonly code: string | null;
			readonly message: string | null;
		}[];
	}[];
}

export interface SessionAnswer {
	readonly id: string;
	readonly state: "open" | "ended";
	readonly principal: PrincipalAnswer;
	readonly connection: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
	readonly database: string;
	readonly started_at: string;
	readonly ended_at: string | null;
	readonly end_reason: string | null;
	readonly client_address: string;
	readonly commands: number;
}

export interface ReplayLine {
	readonly at: number;
	readonly gap: number;
	readonly time: string;
	readonly type: string;
	readonly lines: readonly string[];
	readonly fields: Readonly<Record<string, unknown>>;
}

export interface EvalAnswer {
	readonly input: unknown;
	readonly decision: CommandDecision;
	readonly revision: string;
	readonly cost: number;
	readonly micros: number;
}

export interface RecordedDecision {
	readonly id: string;
	readonly session: string;
	readonly time: string;
	readonly principal: string;
	readonly connection: string;
	readonly text: string | null;
	readonly recorded: {
		readonly action: string;
		readonly revision: string;
		readonly reasons: readonly {
			readonly rule: string;
			readonly message: string;
			readonly remedy: string | null;
		}[];
	};
	readonly missing: string | null;
	readonly now: { readonly evaluated: EvalAnswer; readonly explanation: Explanation } | null;
}

export type ApprovalAnswer = ApprovalView;

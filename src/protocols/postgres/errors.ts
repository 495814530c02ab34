import type { TargetError } from "../../commands/index.ts";
import type { ConnectionErrorCode } from "../../connections/index.ts";
import type { Denial, GateErrorCode } from "../../gate/index.ts";
import type { IdentityErrorCode } from "../../identity/index.ts";
import { describeThrown, SallyportError } from "../../lib/index.ts";
import type { RecordingErrorCode } from "../../recording/index.ts";
import type { CatalogErrorCode } from "./catalog/index.ts";
import type { ProtocolErrorCode, Report, Severity } from "./codec/index.ts";
import type { GrammarErrorCode } from "./grammar/index.ts";
import type { UpstreamErrorCode } from "./upstream/index.ts";

type Code =
	| CatalogErrorCode
	| ConnectionErrorCode
	| GateErrorCode
	| GrammarErrorCode
	| IdentityErrorCode
	| ProtocolErrorCode
	| RecordingErrorCode
	| UpstreamErrorCode
	| "store_unwritable"; // of a room that no protocol knows

/** What the gateway answers in PostgreSQL's own codes; whatever is not listed is `42501`, insufficient privilege. */
const SQLSTATES: Readonly<Partial<Record<Code, string>>> = {
	token_invalid: "28P01",
	token_expired: "28P01",
	token_revoked: "28P01",
	token_too_large: "28P01",
	static_token_not_loopback: "28000",
	identity_provider_unavailable: "58000",
	connection_unknown: "3D000",
	connection_database_unlisted: "3D000",
	locked: "28000",
	session_killed: "57P01",
	session_forbidden: "57P01",
	session_locked: "57P01",
	credential_ended: "57P01",
	gateway_stopping: "57P01",
	too_many_sessions: "53300",
	cancelled: "57014",
	record_unwritable: "58030",
	store_unwritable: "58030",
	record_closed: "57P01",
	catalog_unavailable: "08006",
	catalog_unreadable: "08006",
	catalog_closed: "08006",
	upstream_unreachable: "08006",
	upstream_timeout: "08006",
	upstream_pooled: "0A000",
	upstream_pooler_unknown: "0A000",
	server_switched: "08006",
	pooled_state: "0A000",
	upstream_pooled_superuser: "0A000",
	upstream_unsuitable: "08006",
	upstream_tls_required: "08006",
	upstream_tls_failed: "08006",
	upstream_authentication_failed: "08006",
	upstream_authentication_unsupported: "08006",
	upstream_not_authentic: "08006",
	upstream_refused: "08006",
	upstream_protocol: "08006",
	upstream_closed: "08006",
	upstream_lost: "08006",
	setting_pinned: "55P02",
	setting_invalid: "22023",
	setting_drifted: "55P02",
	too_many_entries: "53400",
	name_too_long: "42622",
	sql_invalid_text: "22021",
	sql_too_large: "54000",
	sql_too_deep: "54001",
	sql_parse_timeout: "57014",
	unsupported_server: "0A000",
};

/** The SQLSTATE of an error of the product's: its own where it has one, by its code otherwise. */
export function sqlstateOf(error: { readonly code: string; readonly sqlstate?: unknown }): string {
	if (typeof error.sqlstate === "string") return error.sqlstate;
	return (SQLSTATES as Readonly<Record<string, string>>)[error.code] ?? "42501";
}

/** A denial as PostgreSQL would put it: the server's own words where it is the server's own error. */
export function denialReport(denial: Denial): Report {
	if (denial.target !== null) return targetReport(denial.target);
	return {
		severity: "ERROR",
		sqlstate: sqlstateOf(denial),
		message: denial.message,
		detail: denial.detail,
		hint: denial.remedy,
	};
}

export function targetReport(target: TargetError): Report {
	const { code, message, hint, position } = target;
	return { severity: "ERROR", sqlstate: code, message, hint, position };
}

/** Anything thrown, for the client: the user's half of it, never the operator's. */
export function thrownReport(thrown: unknown, severity: Severity): Report {
	if (thrown instanceof SallyportError)
		return { severity, sqlstate: sqlstateOf(thrown), message: thrown.message, hint: thrown.remedy };
	return {
		severity,
		sqlstate: "XX000",
		message: "internal error of the gateway",
		detail: describeThrown(thrown).slice(0, 200),
		hint: "tell the operator of the gateway; its log has the cause",
	};
}

export { ADMIN_ACTIONS, type AdminAction } from "./access.ts";
export { createApp } from "./app.ts";
export { Fleet } from "./bundles/fleet.ts";
export { bundleInspector } from "./bundles/inspector.ts";
export { BundleShelf, type ShelfOptions } from "./bundles/shelf.ts";
export { CONTROL_ERRORS, ControlError, type ControlErrorCode } from "./errors.ts";
export type {
	ConnectionDirectory,
	ConnectionSummary,
	ControlPorts,
	ImpactLine,
	ImpactRequest,
	PolicyEval,
	PolicyReplays,
	PolicyShadow,
	PolicyStatus,
	Reporting,
	SessionDirectory,
} from "./ports.ts";
export type { ConnectionScan, ConnectionTrial } from "./schemas/connections.ts";
export type { EvalAnswer, EvalRequest } from "./schemas/policy.ts";
export type { ReplayLine, SessionView } from "./schemas/sessions.ts";
export type { App, ServerTls } from "./server.ts";
export { principalView } from "./views.ts";

export { Secret } from "../lib/index.ts";
export { type ConnectionConfig, ConnectionsConfig } from "./config.ts";
export {
	type Connection,
	POOLERS,
	type Pooler,
	type PostgresUpstream,
	TARGET_SESSION_ATTRS,
	type Target,
	type TargetSessionAttrs,
	TLS_MODES,
	type TlsMode,
	type UpstreamHost,
	type UpstreamTls,
} from "./connection.ts";
export { CONNECTION_ERRORS, ConnectionError, type ConnectionErrorCode } from "./errors.ts";
export { type ConnectionChanges, ConnectionRegistry } from "./registry.ts";

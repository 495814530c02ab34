export { Secret } from "../lib/index.ts";
export { type ConnectionConfig, ConnectionsConfig } from "./config.ts";
export {
	type Connection,
	type PostgresUpstream,
	type Target,
	TLS_MODES,
	type TlsMode,
	type UpstreamTls,
} from "./connection.ts";
export { CONNECTION_ERRORS, ConnectionError, type ConnectionErrorCode } from "./errors.ts";
export { type ConnectionChanges, ConnectionRegistry } from "./registry.ts";

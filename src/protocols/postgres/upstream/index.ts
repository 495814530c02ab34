export { type CancelOptions, cancelUpstream } from "./cancel.ts";
export { connectUpstream } from "./choose.ts";
export { type ConnectOptions, connectServer, giveSettings, type UpstreamSession } from "./connect.ts";
export { ControlConnection, ControlQueryError, type Row } from "./control-connection.ts";
export { takeFrom } from "./direct-reads.ts";
export { UPSTREAM_ERRORS, UpstreamError, type UpstreamErrorCode } from "./errors.ts";
export { pinnedSettings } from "./pinned.ts";
export { PoolerWatch } from "./pooler.ts";
export { type PostgresServer, serverKey } from "./server.ts";

export { type CancelOptions, cancelUpstream } from "./cancel.ts";
export { type ConnectOptions, connectUpstream, type UpstreamSession } from "./connect.ts";
export { ControlConnection, ControlQueryError, type Row } from "./control-connection.ts";
export { takeFrom } from "./direct-reads.ts";
export { UPSTREAM_ERRORS, UpstreamError, type UpstreamErrorCode } from "./errors.ts";

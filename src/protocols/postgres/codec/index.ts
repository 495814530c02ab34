export * from "./backend.ts";
export { BodyReader, decodeUtf8 } from "./body.ts";
export * from "./encode-backend.ts";
export * from "./encode-frontend.ts";
export { PROTOCOL_ERRORS, ProtocolError, type ProtocolErrorCode } from "./errors.ts";
export * from "./frontend.ts";
export {
	backendLimits,
	DEFAULT_BACKEND_MAX_BYTES,
	DEFAULT_FRONTEND_MAX_BYTES,
	frontendLimits,
	type LengthLimits,
} from "./limits.ts";
export { OutputBatch, type Sink } from "./output.ts";
export { parameterText } from "./parameters/index.ts";
export { readExactly, readSome, StreamEnded } from "./read-exactly.ts";
export { MessageReader, type Part } from "./reader.ts";
export { sanitizeErrorFields, standardText } from "./sanitize.ts";
export { copyBytes, Slab, type Viewed, viewed } from "./slab.ts";
export * from "./startup-packet.ts";
export * from "./types.ts";

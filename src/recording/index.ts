export { DEFAULT_RECORDINGS, RecordingsConfig, recordDirectory } from "./config.ts";
export { RECORDING_ERRORS, RecordingError, type RecordingErrorCode } from "./errors.ts";
export type * from "./events.ts";
export { type JsonText, jsonText } from "./json-text.ts";
export { type ByteRange, RecordedText } from "./recorded-text.ts";
export { Recorder, type RecorderOptions } from "./recorder.ts";
export { RowsRecorder } from "./rows.ts";

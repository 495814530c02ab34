export { DEFAULT_RECORDINGS, RecordingsConfig, recordDirectory } from "./config.ts";
export {
	type DecidedCommand,
	type DecidedQuery,
	decidedCommands,
	type MissingInput,
} from "./decided-commands.ts";
export { RECORDING_ERRORS, RecordingError, type RecordingErrorCode } from "./errors.ts";
export type * from "./events.ts";
export { findDecision } from "./find-decision.ts";
export { type Follower, followSession } from "./follow.ts";
export { type JsonText, jsonText } from "./json-text.ts";
export { printable, printableLines } from "./printable.ts";
export { type ReadEvent, readEvents, readSession, sessionEvents } from "./read-events.ts";
export { RecordedAnalysis } from "./recorded-analysis.ts";
export { recordedCommands } from "./recorded-commands.ts";
export { type ByteRange, blanked, maskedToken, REDACTED, RecordedText } from "./recorded-text.ts";
export { RecordedVerdict } from "./recorded-verdict.ts";
export { Recorder, type RecorderOptions } from "./recorder.ts";
export { type ReplayStep, replay, steps } from "./replay.ts";
export { RowsRecorder } from "./rows.ts";
export { countRules } from "./rule-counts.ts";
export { type RecordQuery, searchRecord } from "./search.ts";
export { listSessions, type SessionFilter, type SessionSummary, summariseSession } from "./sessions.ts";
export type { Staged } from "./staged.ts";
export type { StoredEvent } from "./stored-event.ts";
export type {
	Anchor,
	Note,
	NoteCode,
	Place,
	Problem,
	ProblemCode,
	Verification,
	VerifyOptions,
} from "./verification.ts";
export { verifyRecord } from "./verify.ts";

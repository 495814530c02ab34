export { Approval } from "./approval.ts";
export {
	Authoriser,
	type AuthoriserRooms,
	type AuthoriserSettings,
	type SessionRequest,
} from "./authorise.ts";
export { type Denial, failureDenial, TargetRefusal } from "./denial.ts";
export { GATE_ERRORS, GateError, type GateErrorCode } from "./errors.ts";
export type { CommandFlow, Outcome, RowSink } from "./flow.ts";
export { Gate, type GateRooms } from "./gate.ts";
export { commandInput, inputJson } from "./input.ts";
export { Journal } from "./journal.ts";
export { namesMaskedValues } from "./kept.ts";
export { LiveSessions } from "./live-sessions.ts";
export { type MaskFault, MaskFaults } from "./mask-faults.ts";
export type { Meter } from "./meter.ts";
export type { Obligations } from "./obligations.ts";
export type { CommandPermit, OwnPermit, ProtocolPermit, StagePermit } from "./permits.ts";
export type { CommandRequest, Hold, StageRequest, StageVerdict, Verdict } from "./request.ts";
export type { GatedSession, SessionEnd } from "./session.ts";
export { Standing, type StandingRooms } from "./standing.ts";
export type { DecisionWatcher } from "./watcher.ts";

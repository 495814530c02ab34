import type { ApprovalEvent } from "../approvals/index.ts";
import type { LiveSessions } from "../gate/index.ts";
import type { Log } from "../lib/index.ts";
import type { Recorder } from "../recording/index.ts";

/**
 * Writes what happens to requests for approval into the record: into the session's own chain while it is open, as an
 * administrative event afterwards. Throws when it can't: then it has not happened.
 */
export function approvalRecord(recorder: Recorder, sessions: LiveSessions, log: Log) {
	return (event: ApprovalEvent): void => {
		const { approval, by, reason } = event;
		const state = event.event === "approved" ? "granted" : event.event;
		const open = sessions.get(approval.session) !== undefined;
		const written = recorder.append(
			open
				? {
						type: "approval",
						session: approval.session,
						command: approval.command,
						approval: approval.id,
						state,
						requirement: approval.requirement,
						by,
						reason,
					}
				: {
						type: "admin",
						session: null,
						principal: null,
						action: `approvals:${state}`,
						resource: { type: "approval", id: approval.id },
						client_address: "",
						outcome: "done",
						decision_id: null,
						decision: null,
						message: by === null ? null : `by ${by.provider}/${by.subject}`,
					},
		);
		if (written instanceof Promise)
			written.catch((err) => log.error({ err }, "an approval could not be recorded"));
	};
}

import { timeContext } from "../../commands/index.ts";
import { asRecord, type Plain } from "./plain.ts";

/** Who asks, where an input by hand says nothing of it. */
export const SOMEBODY = {
	subject: "somebody",
	kind: "agent",
	provider: "by-hand",
	issuer: "by-hand",
	email: null,
	groups: [],
	claims: {},
	on_behalf_of: null,
} as const;

/**
 * An input that was written by hand, what it leaves out filled in: a bare `{"command": {...}}` is enough. Whatever it
 * says itself stays as it is, so that a mistake is the policy's to find.
 * @param principal where the input names none
 * @param now milliseconds since the epoch
 */
export function completeInput(given: Plain, principal: object, now: number): Plain {
	const started = timeContext(now);
	const type = asRecord(given["command"])["type"];
	return {
		principal,
		connection: { name: "by-hand", type: connectionType(type), labels: {} },
		session: {
			id: "by-hand",
			started_at: started.rfc3339,
			client_address: "127.0.0.1",
			client_application: "policy eval",
			reason: "",
			startup: { user: "by-hand", settings: {}, options: "" },
		},
		time: started,
		approvals: [],
		...given,
	};
}

function connectionType(command: unknown): string {
	if (command === "kubernetes") return "kubernetes";
	return command === "sql" || command === undefined ? "postgres" : "ssh";
}

import {
	type ApprovalEvent,
	Approvals,
	type ApprovalsOptions,
	type Binding,
	bindingHash,
} from "../../src/approvals/index.ts";
import type { ApprovalRequirement } from "../../src/commands/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { makeLog, makePrincipal } from "./people.ts";

export interface Desk {
	readonly approvals: Approvals;
	readonly store: Store;
	readonly events: ApprovalEvent[];
	readonly clock: { time: number; now(): number };
}

/** Approvals on a store of their own, with a clock that can be set and the events kept. */
export function openDesk(given: Partial<ApprovalsOptions> & { readonly on?: Store } = {}): Desk {
	const store = given.on ?? openStore("sqlite::memory:", "");
	const clock = { time: Date.now(), now: () => clock.time };
	const events: ApprovalEvent[] = [];
	const approvals = new Approvals({
		store: store.approvals,
		baseUrl: "http://127.0.0.1:8080",
		log: makeLog(),
		clock,
		onEvent: (event) => void events.push(event),
		...given,
	});
	return { approvals, store, events, clock };
}

export function makeRequirement(given: Partial<ApprovalRequirement> = {}): ApprovalRequirement {
	return {
		rule: "bulk-delete",
		approvers: ["group:corp/dba"],
		min: 1,
		expires: "15m",
		scope: "command",
		...given,
	};
}

export interface BindingParts extends Partial<Omit<Binding, "hash" | "shown">>, Partial<Binding["shown"]> {}

/** The binding of `DELETE FROM orders` by agent-7, or of what is given. */
export function makeBinding(given: BindingParts = {}): Binding {
	const { principal = makePrincipal(), session = "session-1", connection = "orders", ...rest } = given;
	const shown = {
		text: "DELETE FROM orders",
		runs: [],
		parameters: [],
		role: "app",
		effects: ["write"],
		relations: [{ name: "public.orders", access: ["delete"] }],
		reason: "",
		...rest,
	};
	const parts = [
		principal.issuer,
		principal.subject,
		connection,
		shown.text,
		JSON.stringify(shown.parameters),
		shown.role,
	];
	return { hash: bindingHash(parts), principal, session, connection, shown };
}

import { type Approvals, type Binding, bindingHash, type PendingApproval } from "../approvals/index.ts";
import type {
	AnalysedCommand,
	ApprovalRequirement,
	Grant,
	SqlRelation,
	SqlStatement,
} from "../commands/index.ts";
import type { CommandDecision } from "../policy/index.ts";
import { type Denial, failureDenial } from "./denial.ts";
import { GateError } from "./errors.ts";
import type { CommandRequest, Hold } from "./request.ts";
import type { GatedSession } from "./session.ts";

export interface ApprovalSettings {
	/** How long a command may be held inside a transaction that has work upstream, in milliseconds. */
	readonly maxHoldInTransactionMs: number;
}

export type Answer =
	| { readonly kind: "granted"; readonly binding: string; readonly grants: readonly Grant[] }
	/** The policy no longer asks for this: the requests were withdrawn. */
	| { readonly kind: "superseded" }
	| { readonly kind: "refused"; readonly denial: Denial };

/** Obtains what `require_approval` asks for: from a grant that exists, or from people, while the command is held. */
export class Approval {
	readonly #approvals: Approvals;
	readonly #settings: ApprovalSettings;

	constructor(approvals: Approvals, settings: ApprovalSettings) {
		this.#approvals = approvals;
		this.#settings = settings;
	}

	async obtain(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		commandId: string,
		decision: CommandDecision,
		superseded: AbortSignal,
	): Promise<Answer> {
		const binding = bindingOf(session, request, command);
		const grants = this.#approvals.find(binding, decision.approvals);
		const missing = decision.approvals.filter((wanted) => !grants.some((grant) => isFor(grant, wanted)));
		if (missing.length === 0) return { kind: "granted", binding: binding.hash, grants };
		const pending: PendingApproval[] = [];
		try {
			for (const requirement of missing)
				pending.push(this.#approvals.request({ binding, requirement, command: commandId }));
			const hold = request.hold();
			if (!hold.wait) return notNow(pending, missing, commandId);
			await hold.prepare();
			for (const [index, one] of pending.entries()) announce(hold, one, missing[index]);
			return await this.#wait(hold, superseded, pending, missing, grants, binding.hash, commandId);
		} catch (thrown) {
			for (const one of pending) one.withdraw();
			throw thrown;
		}
	}

	async #wait(
		hold: Hold,
		superseded: AbortSignal,
		pending: readonly PendingApproval[],
		missing: readonly ApprovalRequirement[],
		earlier: readonly Grant[],
		binding: string,
		commandId: string,
	): Promise<Answer> {
		const { cancelled, inTransaction } = hold;
		let timer: NodeJS.Timeout | undefined;
		const timeUp = new Promise<"time_up">((resolve) => {
			if (inTransaction) timer = setTimeout(resolve, this.#settings.maxHoldInTransactionMs, "time_up");
		});
		const withdrawn = aborted(cancelled, "cancelled" as const);
		const overtaken = aborted(superseded, "superseded" as const);
		try {
			const end = await Promise.race([allGranted(pending), timeUp, withdrawn, overtaken]);
			if (end === "time_up") return notNow(pending, missing, commandId);
			if (end === "superseded") {
				for (const one of pending) one.withdraw();
				return { kind: "superseded" };
			}
			if (end === "granted") {
				const grants = pending.flatMap((one) => one.grant() ?? []);
				if (grants.length === pending.length)
					return { kind: "granted", binding, grants: [...earlier, ...grants] };
			}
			const refusal = refusalOf(end, pending);
			for (const one of pending) one.withdraw(); // what one approver refused, the others needn't look at
			return { kind: "refused", denial: failureDenial(refusal, commandId) };
		} finally {
			clearTimeout(timer);
		}
	}
}

function aborted<T>(signal: AbortSignal, answer: T): Promise<T> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(answer);
		signal.addEventListener("abort", () => resolve(answer), { once: true });
	});
}

/** What the grants of a command are good for: anything else that runs makes another hash of it. */
export function bindingOf(session: GatedSession, request: CommandRequest, command: AnalysedCommand): Binding {
	const { issuer, subject } = session.principal;
	return {
		hash: bindingHash([
			issuer,
			subject,
			session.connection.name,
			session.database,
			command.text,
			request.parameterBytes(),
			command.scope(),
			JSON.stringify(command.runs),
		]),
		principal: session.principal,
		session: session.id,
		connection: session.connection.name,
		shown: {
			text: command.text,
			runs: command.runs,
			parameters: request.parameters.list.map(({ type, value, null: isNull, bytes, sha256 }) => ({
				type,
				value,
				null: isNull,
				bytes,
				sha256,
			})),
			role: request.role(),
			effects: [...new Set(command.statements.flatMap((statement) => statement.effects))],
			relations: command.statements.flatMap(relationsOf).map(({ schema, name, access }) => ({
				name: `${quoted(schema)}.${quoted(name)}`,
				access,
			})),
			reason: session.context.reason,
		},
	};
}

/** Those of inner statements too: a grant for a session reaches as far as its approver was shown, and no further. */
function relationsOf(statement: SqlStatement): SqlRelation[] {
	return [...statement.relations, ...statement.nested.flatMap(relationsOf)];
}

/** As in mask rules: parts that hold a dot or a quote stand in double quotes. */
function quoted(name: string): string {
	return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** Settles as soon as it is known: with the first that is not granted, or when all are. */
function allGranted(
	pending: readonly PendingApproval[],
): Promise<"granted" | "denied" | "expired" | "withdrawn"> {
	return new Promise((resolve, reject) => {
		let open = pending.length;
		for (const one of pending) {
			one.settled.then((state) => {
				open -= 1;
				if (state !== "granted" || open === 0) resolve(state);
			}, reject);
		}
	});
}

function announce(hold: Hold, pending: PendingApproval, requirement: ApprovalRequirement | undefined): void {
	const { url, id } = pending.view();
	const who =
		requirement === undefined ? "" : ` by ${requirement.min} of ${requirement.approvers.join(", ")}`;
	hold.notice(`waiting for approval${who}: ${url}`, `request ${id}; cancel the command to withdraw it`);
}

/** The client doesn't wait: the requests stay open, and the same command finds their grants later. */
function notNow(
	pending: readonly PendingApproval[],
	missing: readonly ApprovalRequirement[],
	commandId: string,
): Answer {
	for (const one of pending) one.leave();
	const denial: Denial = {
		code: "approval_required",
		message: `approval_required: ${pending.map((one) => one.view().url).join(" ")}`,
		detail: `rule ${missing.map((requirement) => requirement.rule).join(", ")}, decision ${commandId}`,
		remedy: "have the request approved, then send the same command again",
		target: null,
	};
	return { kind: "refused", denial };
}

function refusalOf(
	end: "granted" | "denied" | "expired" | "withdrawn" | "cancelled",
	pending: readonly PendingApproval[],
) {
	switch (end) {
		case "cancelled":
		case "withdrawn":
			return new GateError("cancelled");
		case "denied":
			return new GateError("approval_refused", refusalText(pending));
		case "expired":
			return new GateError("approval_lapsed");
		case "granted":
			return new GateError("approval_void");
	}
}

function refusalText(pending: readonly PendingApproval[]): string {
	const answer = pending.flatMap((one) => one.view().answers).find(({ verdict }) => verdict === "deny");
	if (answer === undefined) return "an approver denied the command";
	const reason = answer.reason === null ? "" : `: ${answer.reason}`;
	return `denied by ${answer.by.provider}/${answer.by.subject}${reason}`;
}

function isFor(grant: Grant, requirement: ApprovalRequirement): boolean {
	return JSON.stringify(grant.requirement) === JSON.stringify(requirement);
}

import type { AnalysedCommand, CommandParameters, Grant, Redaction } from "../commands/index.ts";
import type { AccessDecision, CommandDecision, Evaluation } from "../policy/index.ts";
import type { CommandEvent, RecordedText, Recorder, Staged } from "../recording/index.ts";
import type { Denial } from "./denial.ts";
import type { FlowJournal, Outcome, RowSink } from "./flow.ts";
import { namesMaskedValues, withoutValues } from "./kept.ts";
import type { GatedSession } from "./session.ts";
import { failedVerdict, Verdicts } from "./verdicts.ts";

/** What was asked beside the command itself, and what was answered; null for what is never asked about. */
export interface Asked<E> {
	readonly evaluation: E;
	/** The input's time, in milliseconds since the epoch. */
	readonly decidedAt: number;
	/** The approvals that the input named. */
	readonly grants: readonly Grant[];
}

/** A decision to be recorded. */
export interface Decided {
	readonly id: string;
	readonly stage: "parse" | "execute";
	readonly command: AnalysedCommand;
	/** Null at the stage `parse`. */
	readonly parameters: CommandParameters | null;
	readonly asked: Asked<Evaluation<CommandDecision> | null>;
	readonly action: "allow" | "deny" | "mask" | "require_approval";
	/** What goes to the target in place of the command's text, where the decision's filters were added. */
	readonly sent?: string | null;
}

interface Failed {
	readonly id: string;
	readonly stage: "parse" | "execute";
	readonly text: string;
	/** The constants of it that may be values of masked columns. */
	readonly masked: readonly Redaction[];
	readonly denial: Denial;
}

/** A text that could not be analysed may hold a password nobody can point at: then only its hash is kept. */
const MAY_HOLD_SECRET = /pass|pwd|identif|secret|key/i;

/** Texts up to this many characters are prepared for the record anew each time they run. */
const SHORT_TEXT = 4_096;

/** What the gate writes to the record, in the record's words. Serialised parts are kept, because they repeat. */
export class Journal {
	readonly #recorder: Recorder;
	readonly #longTexts = new WeakMap<AnalysedCommand, RecordedText>();
	readonly #verdicts = new Verdicts();

	constructor(recorder: Recorder) {
		this.#recorder = recorder;
	}

	started(
		session: GatedSession,
		decisionId: string,
		evaluation: Evaluation<AccessDecision>,
	): void | Promise<void> {
		session.recordedContext = session.context;
		return this.#recorder.append({
			type: "session_start",
			session: session.id,
			principal: session.principal,
			connection: session.connection,
			context: session.context,
			database: session.database,
			credential: { id: session.credential.id, kind: session.credential.kind },
			decision_id: decisionId,
			decision: {
				action: evaluation.decision.action,
				revision: evaluation.revision,
				reasons: evaluation.decision.reasons,
				cost: evaluation.cost,
			},
		});
	}

	ended(session: GatedSession, reason: string, message: string | null): void {
		this.#recorder.appendLater({ type: "session_end", session: session.id, reason, message });
	}

	/** A command that does not go on, or not yet; undefined when it already is as durable as configured. */
	decided(session: GatedSession, decided: Decided): Promise<void> | undefined {
		return this.#write(this.#command(session, decided));
	}

	/** A command that goes on as soon as what this returns is settled, or has resolved. */
	released(session: GatedSession, decided: Decided): Staged | Promise<void> {
		return this.#recorder.stage(this.#command(session, decided));
	}

	#command(session: GatedSession, decided: Decided): CommandEvent {
		session.commands += 1;
		const { command } = decided;
		const { evaluation, decidedAt, grants } = decided.asked;
		if (session.context !== session.recordedContext) this.#described(session);
		const masked = namesMaskedValues(evaluation?.decision, command);
		return {
			type: "command",
			session: session.id,
			id: decided.id,
			text: masked ? this.#maskedText(command) : this.#text(command),
			verdict: this.#verdicts.of(command, decided.stage, evaluation, decided.action),
			parameters: masked ? this.#maskedParameters(decided) : decided.parameters,
			sent: sentAs(decided, masked),
			decidedAt,
			grants,
		};
	}

	/** What the session says of itself has changed since it was recorded. */
	#described(session: GatedSession): void {
		session.recordedContext = session.context;
		this.#recorder.appendLater({
			type: "session_context",
			session: session.id,
			context: session.context,
		});
	}

	/** A command that was denied because something failed on the way to a decision. */
	failed(session: GatedSession, failed: Failed): Promise<void> | undefined {
		session.commands += 1;
		const { text, masked, denial } = failed;
		const written = this.#write({
			type: "command",
			session: session.id,
			id: failed.id,
			text: this.#recorder.text(text, [], null, masked),
			verdict: failedVerdict(failed.stage, denial, MAY_HOLD_SECRET.test(text) ? "none" : "commands"),
			parameters: null,
		});
		this.#recorder.appendLater({
			type: "error",
			session: session.id,
			command: failed.id,
			code: denial.code,
			message: denial.message,
			operator: null,
		});
		return written;
	}

	/** The journal of one session's flows; their events need not be durable before anything goes on. */
	of(session: GatedSession): FlowJournal {
		return new SessionJournal(this.#recorder, session.id);
	}

	#write(event: Parameters<Recorder["append"]>[0]): Promise<void> | undefined {
		const written = this.#recorder.append(event);
		return written instanceof Promise ? written : undefined;
	}

	/** With tokens in place of what may be a masked column's value. */
	#maskedText({ text, redactions, constants }: AnalysedCommand): RecordedText {
		return this.#recorder.text(text, redactions, null, constants(text));
	}

	#maskedParameters({ parameters }: Decided): CommandParameters | null {
		return parameters && withoutValues(parameters, (value) => this.#recorder.token(value));
	}

	#text(command: AnalysedCommand): RecordedText {
		const { text, quotedText, redactions } = command;
		if (text.length <= SHORT_TEXT) return this.#recorder.text(text, redactions, quotedText);
		let kept = this.#longTexts.get(command);
		if (kept === undefined) {
			kept = this.#recorder.text(text, redactions, quotedText);
			this.#longTexts.set(command, kept);
		}
		return kept;
	}
}

class SessionJournal implements FlowJournal {
	readonly #recorder: Recorder;
	readonly #session: string;

	constructor(recorder: Recorder, session: string) {
		this.#recorder = recorder;
		this.#session = session;
	}

	forwarded(command: string): void {
		this.#recorder.appendLater({ type: "forwarded", session: this.#session, command });
	}

	rows(command: string, columns: readonly string[]): RowSink {
		return this.#recorder.rows(this.#session, command, columns);
	}

	outcome(
		command: string,
		{ statement, status, tag, rows, bytes, sqlstate }: Outcome,
		startedAt: number,
	): void {
		this.#recorder.appendLater({
			type: "outcome",
			session: this.#session,
			command,
			statement,
			status,
			tag,
			rows,
			bytes,
			duration_us: Math.round((performance.now() - startedAt) * 1000),
			sqlstate,
		});
	}
}

/** Null where the text goes up as it is: most commands do. */
function sentAs({ sent, command }: Decided, masked: boolean): NonNullable<CommandEvent["sent"]> | null {
	return sent == null ? null : { text: sent, secret: masked || command.redactions.length > 0 };
}

import { type AnalysedCommand, timeContext } from "../commands/index.ts";
import type { ActivePolicy, CommandDecision, Evaluation, TimePart } from "../policy/index.ts";

/**
 * The answers that a session got and that are sure to be given again: from the same policy, to the same principal on
 * the same connection, for commands that differ only in what no rule reads. Commands that were approved, and those
 * at the stage `parse`, are asked about each time.
 */
export class Answers {
	#policy: ActivePolicy | null = null;
	#inputHead = "";
	#time = "";
	#kept = new WeakMap<object, Evaluation<CommandDecision>>();

	/** @param inputHead the session's part of the input; a new one makes all answers void */
	find(
		policy: ActivePolicy,
		inputHead: string,
		now: number,
		command: AnalysedCommand,
	): Evaluation<CommandDecision> | undefined {
		const { reuse } = policy;
		if (reuse === null) return undefined;
		const time = reuse.time.length === 0 ? "" : timeKey(reuse.time, now);
		if (policy !== this.#policy || inputHead !== this.#inputHead || time !== this.#time) {
			this.#policy = policy;
			this.#inputHead = inputHead;
			this.#time = time;
			this.#kept = new WeakMap();
			return undefined;
		}
		return this.#kept.get(reuse.text ? command : command.statements);
	}

	/** To be called after `find` for the same arguments had none. */
	keep(policy: ActivePolicy, command: AnalysedCommand, evaluation: Evaluation<CommandDecision>): void {
		if (policy.reuse === null || policy !== this.#policy) return;
		// What is answered from here on took no time; its cost is that of the evaluation it repeats.
		this.#kept.set(policy.reuse.text ? command : command.statements, { ...evaluation, micros: 0 });
	}
}

const MINUTE = 60_000; // hour and weekday change on a minute
let lastMinute = Number.NaN;
let lastParts: readonly TimePart[] = [];
let lastKey = "";

function timeKey(parts: readonly TimePart[], now: number): string {
	const minute = Math.floor(now / MINUTE);
	if (minute !== lastMinute || parts !== lastParts) {
		const time = timeContext(now);
		lastKey = parts.map((part) => time[part]).join();
		lastMinute = minute;
		lastParts = parts;
	}
	return lastKey;
}

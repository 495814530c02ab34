import { availableParallelism } from "node:os";
import type { ReadyPolicy } from "../engine/engine.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "../engine/limits.ts";
import { type InputParts, inputText, SameAnswer } from "./input-parts.ts";
import { type ChangedDecision, type ImpactReport, ImpactTally, type ReplayedCommand } from "./report.ts";
import { ReplayThreads, type VerdictPair } from "./threads.ts";

/** A command of a record: its exact input, or why that can't be had. */
export interface RecordedCommand extends ReplayedCommand {
	readonly input: InputParts | string;
	/** What was decided then, by which revision. */
	readonly recorded: { readonly action: string; readonly revision: string };
}

export interface ReplayOptions {
	readonly limits?: EngineLimits;
	/** Threads; as many as there are cores. */
	readonly threads?: number;
	/** Each decision that changes, in no particular order. */
	readonly onChange?: (changed: ChangedDecision) => void | Promise<void>;
	/** Called now and then with how many were replayed. */
	readonly onProgress?: (replayed: number) => void;
	readonly signal?: AbortSignal;
}

/** Inputs that go to a thread at once, and how many such batches wait before reading pauses. */
const BATCH = 64;
const WAITING = 16;
/** Answers that are kept for commands that are sure to get the same. */
const MAX_ANSWERS = 100_000;
const PROGRESS_EVERY = 5_000;

/** Answers of one class of inputs, or the commands that wait for them. */
type Class = { answer: VerdictPair | null; waiting: RecordedCommand[] };

/**
 * Asks two policies about the same recorded inputs and tells what differs. Inputs that are sure to get the same
 * answers, by what the bundles say that their rules read, are asked about once. Throws AbortError by the signal.
 */
export async function replayImpact(
	running: ReadyPolicy,
	candidate: ReadyPolicy,
	commands: AsyncIterable<RecordedCommand>,
	options: ReplayOptions = {},
): Promise<ImpactReport> {
	const started = performance.now();
	const limits = options.limits ?? DEFAULT_LIMITS;
	const setup = { running, candidate, runningLimits: limits, candidateLimits: limits };
	const threads = new ReplayThreads(setup, options.threads ?? availableParallelism());
	const replay = new Replay(running, candidate, threads, options);
	try {
		for await (const command of commands) {
			options.signal?.throwIfAborted();
			await replay.add(command);
		}
		await replay.finish();
	} finally {
		await threads.close();
	}
	return replay.tally.report({
		running: running.revision,
		candidate: candidate.revision,
		evaluated: replay.evaluated,
		milliseconds: Math.round(performance.now() - started),
	});
}

class Replay {
	readonly tally: ImpactTally;
	evaluated = 0;
	readonly #revision: string;
	readonly #same: SameAnswer;
	readonly #threads: ReplayThreads;
	readonly #options: ReplayOptions;
	readonly #classes = new Map<string, Class>();
	readonly #sent = new Set<Promise<void>>();
	#batch: { input: string; of: Class }[] = [];

	constructor(running: ReadyPolicy, candidate: ReadyPolicy, threads: ReplayThreads, options: ReplayOptions) {
		this.tally = new ImpactTally(candidate.rules);
		this.#revision = running.revision;
		this.#same = new SameAnswer([running.reuse, candidate.reuse]);
		this.#threads = threads;
		this.#options = options;
	}

	async add(command: RecordedCommand): Promise<void> {
		const { input } = command;
		if (typeof input === "string") return this.tally.skip(input);
		const key = this.#same.keyOf(input);
		const known = key === null ? undefined : this.#classes.get(key);
		if (known !== undefined) {
			if (known.answer === null) known.waiting.push(command);
			else await this.#tell(command, known.answer);
			return;
		}
		const one: Class = { answer: null, waiting: [command] };
		if (key !== null) {
			if (this.#classes.size >= MAX_ANSWERS) this.#classes.clear();
			this.#classes.set(key, one);
		}
		this.#batch.push({ input: inputText(input), of: one });
		if (this.#batch.length >= BATCH) this.#send();
		while (this.#sent.size >= WAITING) await Promise.race(this.#sent);
	}

	async finish(): Promise<void> {
		this.#send();
		await Promise.all(this.#sent);
		this.#options.onProgress?.(this.tally.replayed);
	}

	#send(): void {
		if (this.#batch.length === 0) return;
		const batch = this.#batch;
		this.#batch = [];
		this.evaluated += batch.length;
		const sent: Promise<void> = this.#decide(batch).finally(() => this.#sent.delete(sent));
		this.#sent.add(sent);
		sent.catch(() => {}); // whoever waits for it is told
	}

	async #decide(batch: readonly { input: string; of: Class }[]): Promise<void> {
		const answers = await this.#threads.decide(batch.map(({ input }) => input));
		for (const [at, { of }] of batch.entries()) {
			const answer = answers[at];
			if (answer === undefined) throw new Error("a thread of the replay left an answer out");
			of.answer = answer;
			for (const command of of.waiting.splice(0)) await this.#tell(command, answer);
		}
	}

	async #tell(command: RecordedCommand, [from, to]: VerdictPair): Promise<void> {
		const { action, revision } = command.recorded;
		const then = action === "mask" ? "allow" : action;
		const drifted = revision === this.#revision && then !== from.action;
		const changed = this.tally.add(command, from, to, drifted);
		if (changed !== null) await this.#options.onChange?.(changed);
		if (this.tally.replayed % PROGRESS_EVERY === 0) this.#options.onProgress?.(this.tally.replayed);
	}
}

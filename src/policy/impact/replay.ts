import { availableParallelism } from "node:os";
import { DEFAULT_LIMITS, type EngineLimits } from "../engine/limits.ts";
import { type Asked, type PairAsThen, PoliciesAsThen } from "./as-then.ts";
import { inputText, SameAnswer } from "./input-parts.ts";
import { type RecordedCommand, recordedVerdict } from "./recorded.ts";
import { type ChangedDecision, type ImpactReport, ImpactTally } from "./report.ts";
import { type PolicyPair, type Question, ReplayThreads, type VerdictPair } from "./threads.ts";
import type { Verdict } from "./verdict.ts";

export interface ReplayOptions {
	readonly limits?: EngineLimits;
	/** Units that a decision may spend on connections that have a budget of their own, by name. */
	readonly budgets?: ReadonlyMap<string, number>;
	/** How the data of earlier times is come by; without it all is asked about with that of now. */
	readonly asThen?: PairAsThen;
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

/** A command, and what the running policy answered where the record tells. */
interface Compared {
	readonly command: RecordedCommand;
	readonly from: Verdict | null;
}

/** Answers of one class of inputs, or the commands that wait for them. */
type Class = { answer: VerdictPair | null; waiting: Compared[] };

/**
 * Asks two policies about the same recorded inputs and tells what differs. The running one is not asked where it
 * decided the command itself, with the same data, and the record holds all of its answer. Inputs that are sure to get
 * the same answers, by what the bundles say that their rules read, are asked about once. Throws AbortError by the
 * signal.
 */
export async function replayImpact(
	pair: PolicyPair,
	commands: AsyncIterable<RecordedCommand>,
	options: ReplayOptions = {},
): Promise<ImpactReport> {
	const started = performance.now();
	const threads = new ReplayThreads(
		options.limits ?? DEFAULT_LIMITS,
		options.threads ?? availableParallelism(),
	);
	const replay = new Replay(pair, threads, options);
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
		running: pair.running.revision,
		candidate: pair.candidate.revision,
		evaluated: replay.evaluated,
		milliseconds: Math.round(performance.now() - started),
	});
}

class Replay {
	readonly tally: ImpactTally;
	evaluated = 0;
	readonly #revision: string;
	readonly #same: SameAnswer;
	readonly #policies: PoliciesAsThen;
	readonly #threads: ReplayThreads;
	readonly #options: ReplayOptions;
	readonly #classes = new Map<string, Class>();
	readonly #sent = new Set<Promise<void>>();
	#batch: { question: Question; of: Class }[] = [];
	#asked: Asked | undefined;

	constructor(pair: PolicyPair, threads: ReplayThreads, options: ReplayOptions) {
		this.tally = new ImpactTally(pair.candidate.rules);
		this.#revision = pair.running.revision;
		this.#same = new SameAnswer([pair.running.reuse, pair.candidate.reuse]);
		this.#policies = new PoliciesAsThen(pair, options.asThen);
		this.#threads = threads;
		this.#options = options;
	}

	async add(command: RecordedCommand): Promise<void> {
		const { input, recorded, connection } = command;
		if (typeof input === "string") return this.tally.skip(input);
		const { revision } = recorded;
		const asked = this.#policies.known(revision) ?? (await this.#policies.make(revision));
		if (asked.pair !== this.#asked?.pair) this.#send(); // a batch is for one pair
		this.#asked = asked;
		if (asked.otherData) this.tally.withOtherData();
		const from = asked.sameAnswer ? recordedVerdict(command) : null;
		const compared = { command, from };
		const same = this.#same.keyOf(input);
		const key = same === null ? null : `${asked.number} ${from === null} ${same}`;
		const known = key === null ? undefined : this.#classes.get(key);
		if (known !== undefined) {
			if (known.answer === null) known.waiting.push(compared);
			else await this.#tell(compared, known.answer);
			return;
		}
		const one: Class = { answer: null, waiting: [compared] };
		if (key !== null) {
			if (this.#classes.size >= MAX_ANSWERS) this.#classes.clear();
			this.#classes.set(key, one);
		}
		const { limits = DEFAULT_LIMITS, budgets } = this.#options;
		const budget = budgets?.get(connection) ?? limits.budget;
		this.#batch.push({
			question: { input: inputText(input), candidateOnly: from !== null, budget },
			of: one,
		});
		if (this.#batch.length >= BATCH) this.#send();
		while (this.#sent.size >= WAITING) await Promise.race(this.#sent);
	}

	async finish(): Promise<void> {
		this.#send();
		await Promise.all(this.#sent);
		this.#options.onProgress?.(this.tally.replayed);
	}

	#send(): void {
		if (this.#batch.length === 0 || this.#asked === undefined) return;
		const batch = this.#batch;
		this.#batch = [];
		this.evaluated += batch.reduce((sum, { question }) => sum + (question.candidateOnly ? 1 : 2), 0);
		const sent: Promise<void> = this.#decide(this.#asked.pair, batch).finally(() => this.#sent.delete(sent));
		this.#sent.add(sent);
		sent.catch(() => {}); // whoever waits for it is told
	}

	async #decide(pair: PolicyPair, batch: readonly { question: Question; of: Class }[]): Promise<void> {
		const answers = await this.#threads.decide(
			pair,
			batch.map(({ question }) => question),
		);
		for (const [at, { of }] of batch.entries()) {
			const answer = answers[at];
			if (answer === undefined) throw new Error("a thread of the replay left an answer out");
			of.answer = answer;
			for (const compared of of.waiting.splice(0)) await this.#tell(compared, answer);
		}
	}

	async #tell({ command, from }: Compared, [running, to]: VerdictPair): Promise<void> {
		const before = from ?? running;
		if (before === null) throw new Error("a thread of the replay left the running policy out");
		const { action, revision } = command.recorded;
		const then = action === "mask" ? "allow" : action;
		const drifted = revision === this.#revision && then !== before.action;
		const changed = this.tally.add(command, before, to, drifted);
		if (changed !== null) await this.#options.onChange?.(changed);
		if (this.tally.replayed % PROGRESS_EVERY === 0) this.#options.onProgress?.(this.tally.replayed);
	}
}

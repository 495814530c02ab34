import { setImmediate } from "node:timers";
import { describeThrown, type Log } from "../../lib/index.ts";
import type { ActivePolicy } from "../active.ts";
import { PolicyError } from "../errors.ts";
import type { ServiceClient } from "../services/client.ts";
import { type Bound, LogBuffer } from "./buffer.ts";
import type { DecisionLogsConfig, ReportingConfig } from "./config.ts";
import type { DecisionLogCounters } from "./counters.ts";
import { type DecisionEvent, type DecisionFacts, eventOf } from "./event.ts";
import { mask, readMaskRules } from "./mask.ts";
import { Packer } from "./packer.ts";
import { RateLimit } from "./rate.ts";
import { Uploader } from "./upload.ts";

export interface DecisionLogOptions {
	readonly config: DecisionLogsConfig;
	/** Undefined where events only go to the log. */
	readonly client: ServiceClient | undefined;
	readonly policy: { readonly active: ActivePolicy | undefined };
	readonly labels: Readonly<Record<string, string>>;
	readonly counters: DecisionLogCounters;
	readonly log: Log;
	/** Told after each round of uploads: null, or why it failed. */
	readonly onRound: (error: PolicyError | null) => void;
}

/** Decisions that wait to be made into events; more than that are dropped, the oldest first, and counted. */
const MOST_WAITING = 10_000;
/** Time that making events takes of one turn, in milliseconds: sessions go on in between. */
const SLICE_MS = 1;
const LAST_ROUND_MS = 5_000;
const DEFAULT_BYTES = 64 << 20;
const DEFAULT_EVENTS = 10_000;
const EVENT_TYPE = "openpolicyagent.org/decision_logs";
const DEFAULT_MASK = "system/log/mask";

/**
 * Logs decisions in OPA's form: left out or masked as the bundle's own rules say, buffered, packed and uploaded. Handing
 * one over takes no longer than putting it into a list; nothing here can hold up a session, and what is lost is counted.
 */
export class DecisionLog {
	readonly counters: DecisionLogCounters;
	readonly #options: DecisionLogOptions;
	readonly #mask: string;
	readonly #drop: string;
	readonly #rate: RateLimit | undefined;
	readonly #buffer: LogBuffer;
	readonly #uploader: Uploader | undefined;
	#waiting: DecisionFacts[] = [];
	#next = 0;
	#working = false;
	#number = 0;
	#maskError = "";

	constructor(options: DecisionLogOptions) {
		this.#options = options;
		this.counters = options.counters;
		const { config, client, onRound } = options;
		const { reporting } = config;
		this.#mask = config.mask_decision.replace(/^\/+|\/+$/g, "");
		this.#drop = config.drop_decision.replace(/^\/+|\/+$/g, "");
		const rate = reporting.max_decisions_per_second;
		this.#rate = rate === undefined ? undefined : new RateLimit(rate, performance.now());
		const packer = new Packer(reporting.upload_size_limit_bytes, this.counters);
		this.#buffer = new LogBuffer(packer, boundOf(reporting), this.counters, () => {
			if (reporting.trigger === "immediate") void this.#uploader?.trigger();
		});
		const resource = config.partition_name ? `logs/${config.partition_name}` : config.resource;
		this.#uploader =
			client &&
			new Uploader({ client, resource, reporting, buffer: this.#buffer, counters: this.counters, onRound });
	}

	/** How many decisions wait to be uploaded. */
	get waiting(): number {
		return this.#waiting.length - this.#next + this.#buffer.events;
	}

	start(): void {
		this.#uploader?.start();
	}

	/** Takes a decision over. Never throws. */
	take(facts: DecisionFacts): void {
		if (this.#rate?.allow(performance.now()) === false) {
			this.counters.dropped.rate_limit_exceeded++;
			return;
		}
		if (this.#waiting.length - this.#next >= MOST_WAITING) {
			this.#next++;
			this.counters.dropped.buffer_size_limit_exceeded++;
		}
		this.#waiting.push(facts);
		if (this.#working) return;
		this.#working = true;
		setImmediate(() => this.#work());
	}

	/** Uploads what there is; resolves when that is done or has failed. */
	async trigger(): Promise<void> {
		this.#make(Number.POSITIVE_INFINITY);
		await this.#uploader?.trigger();
	}

	/** Tries for some seconds to upload what is left; what can't be is counted as lost, and told. */
	async stop(): Promise<void> {
		this.#make(Number.POSITIVE_INFINITY);
		await this.#uploader?.stop(LAST_ROUND_MS);
		const lost = this.#uploader === undefined ? 0 : this.#buffer.events;
		this.counters.dropped.stopped += lost;
		if (lost > 0) this.#options.log.warn({ decisions: lost }, "decisions were not uploaded before the end");
	}

	#work(): void {
		this.#make(performance.now() + SLICE_MS);
		if (this.#next < this.#waiting.length) setImmediate(() => this.#work());
		else this.#working = false;
	}

	#make(until: number): void {
		while (this.#next < this.#waiting.length) {
			const facts = this.#waiting[this.#next++];
			if (facts !== undefined) this.#log(facts);
			if (performance.now() >= until) break;
		}
		if (this.#next > MOST_WAITING || this.#next === this.#waiting.length) {
			this.#waiting.splice(0, this.#next);
			this.#next = 0;
		}
	}

	#log(facts: DecisionFacts): void {
		let event: DecisionEvent | undefined;
		try {
			const made = eventOf(
				facts,
				this.#options.labels,
				++this.#number,
				this.#options.config.nd_builtin_cache,
			);
			// A copy of its own: the result is shared with whoever asks next.
			event = this.#masked(JSON.parse(JSON.stringify(made)) as DecisionEvent);
		} catch (thrown) {
			this.counters.dropped.mask_failure++;
			this.#tellMaskError(thrown);
			return;
		}
		if (event === undefined) {
			this.counters.leftOut++;
			return;
		}
		const { config, log } = this.#options;
		if (config.console) log.info({ type: EVENT_TYPE, ...event }, "Decision Log");
		if (this.#uploader === undefined) return;
		const json = JSON.stringify(event);
		const { nd_builtin_cache: cache, ...bare } = event;
		this.#buffer.add(cache === undefined ? { json } : { json, bare: JSON.stringify(bare) });
	}

	/** Undefined: the policy leaves it out. Throws when its rules can't be asked: then nothing of it may be shown. */
	#masked(event: DecisionEvent): DecisionEvent | undefined {
		const { active } = this.#options.policy;
		if (active === undefined) return withoutContent(event);
		if (this.#drop !== "" && active.has(this.#drop)) {
			if (active.ask(this.#drop, JSON.stringify(event))[0]?.result === true) return undefined;
		}
		if (active.has(this.#mask)) {
			const [answer] = active.ask(this.#mask, JSON.stringify(event));
			if (answer !== undefined) mask(event, readMaskRules(answer.result));
		} else if (this.#mask !== DEFAULT_MASK) {
			throw new Error(`the bundle has no entrypoint ${this.#mask}, which mask_decision names`);
		}
		return event;
	}

	/** Once for each reason: a rule that fails does so on each decision. */
	#tellMaskError(thrown: unknown): void {
		const operator =
			thrown instanceof PolicyError ? (thrown.operator ?? thrown.code) : describeThrown(thrown);
		if (operator === this.#maskError) return;
		this.#maskError = operator;
		const error = new PolicyError("decision_log_mask", undefined, { operator });
		const { code, message, remedy } = error;
		this.#options.log.error({ code, operator, remedy }, message);
		this.#options.onRound(error);
	}
}

/** Without a policy nobody can say what is to be masked. */
function withoutContent({ input: _input, result: _result, ...event }: DecisionEvent): DecisionEvent {
	return event;
}

function boundOf(reporting: ReportingConfig): Bound {
	return reporting.buffer_type === "size"
		? { type: "size", bytes: reporting.buffer_size_limit_bytes ?? DEFAULT_BYTES }
		: { type: "event", events: reporting.buffer_size_limit_events ?? DEFAULT_EVENTS };
}

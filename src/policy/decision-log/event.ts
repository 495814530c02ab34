import type { BundleRevisions } from "../active.ts";
import type { Entrypoint } from "../entrypoints.ts";

/** A decision, as whoever asked for it hands it over. Its input is put together later, off the command's path. */
export interface DecisionFacts {
	readonly id: string;
	readonly path: Entrypoint;
	/** What the policy was asked, without what must not be written anywhere. */
	readonly input: () => unknown;
	/** Absent where no decision could be had. */
	readonly result?: unknown;
	readonly error?: { readonly code: string; readonly message: string };
	/** The bundles that decided. */
	readonly bundles: BundleRevisions;
	/** The client's address. */
	readonly requestedBy: string;
	/** Milliseconds since the epoch. */
	readonly decidedAt: number;
	/** Time of the evaluation; zero for one that repeats an earlier one. */
	readonly micros: number;
	/** Budget units spent. */
	readonly cost: number;
	/** Whether rules asked what the time is. */
	readonly readTime: boolean;
}

/** One event of a decision log, in OPA's form. */
export interface DecisionEvent {
	labels: Readonly<Record<string, string>>;
	decision_id: string;
	bundles?: BundleRevisions;
	path: string;
	input?: unknown;
	result?: unknown;
	nd_builtin_cache?: unknown;
	erased?: string[];
	masked?: string[];
	error?: { readonly code: string; readonly message: string };
	requested_by?: string;
	timestamp: string;
	metrics: Readonly<Record<string, number>>;
	req_id: number;
}

/** Puts the event together. Throws what making the input throws. */
export function eventOf(
	facts: DecisionFacts,
	labels: Readonly<Record<string, string>>,
	number: number,
	withBuiltins: boolean,
): DecisionEvent {
	const { result, error, requestedBy } = facts;
	return {
		labels,
		decision_id: facts.id,
		...(Object.keys(facts.bundles).length === 0 ? {} : { bundles: facts.bundles }),
		path: facts.path,
		input: facts.input(),
		...(result === undefined ? {} : { result }),
		...(withBuiltins && facts.readTime ? { nd_builtin_cache: timeRead(facts.decidedAt) } : {}),
		...(error === undefined ? {} : { error }),
		...(requestedBy === "" ? {} : { requested_by: requestedBy }),
		timestamp: new Date(facts.decidedAt).toISOString(),
		metrics: {
			timer_rego_query_eval_ns: Math.round(facts.micros * 1000),
			counter_sallyport_cost_units: facts.cost,
		},
		req_id: number,
	};
}

/** What `time.now_ns` answered: the input's own time, under its arguments, of which it has none. */
function timeRead(milliseconds: number): unknown {
	return { "time.now_ns": { "[]": milliseconds * 1_000_000 } };
}

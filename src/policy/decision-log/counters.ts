/** What became of decisions that were to be logged: nothing of them is lost without being counted here. */
export const LOSSES = [
	"rate_limit_exceeded",
	"buffer_size_limit_exceeded",
	"encoding_failure",
	"mask_failure",
	"stopped",
] as const;
export type Loss = (typeof LOSSES)[number];

export class DecisionLogCounters {
	/** Events that were dropped, by why. */
	readonly dropped: Record<Loss, number> = {
		rate_limit_exceeded: 0,
		buffer_size_limit_exceeded: 0,
		encoding_failure: 0,
		mask_failure: 0,
		stopped: 0,
	};
	/** Events that the rule of `drop_decision` left out, as it was written to. */
	leftOut = 0;
	uploadedEvents = 0;
	uploadedChunks = 0;
	failedUploads = 0;
	/** Caches of builtins that were left out of events that were too large with them. */
	builtinCachesDropped = 0;

	/** By OPA's own names, for its status report. */
	metrics(): Readonly<Record<string, number>> {
		const { dropped } = this;
		return {
			counter_decision_logs_dropped_rate_limit_exceeded: dropped.rate_limit_exceeded,
			counter_decision_logs_dropped_buffer_size_limit_exceeded: dropped.buffer_size_limit_exceeded,
			counter_decision_logs_encoding_failure: dropped.encoding_failure,
			counter_decision_logs_mask_failure: dropped.mask_failure,
			counter_decision_logs_nd_builtin_cache_dropped: this.builtinCachesDropped,
			counter_decision_logs_chunks_uploaded: this.uploadedChunks,
			counter_decision_logs_chunks_upload_failed: this.failedUploads,
		};
	}
}

/** What the gate tells of its work, for the metrics. */
export interface Meter {
	/** A decision and what it cost. `action` is the record's, or `failed` where it came to none. */
	decided(
		action: "allow" | "deny" | "mask" | "require_approval" | "failed",
		micros: number,
		cost: number,
	): void;
}

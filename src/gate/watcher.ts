import type { Decided } from "./journal.ts";
import type { GatedSession } from "./session.ts";

/** Told of each decision once it is made. It must not throw, and nothing waits for it. */
export interface DecisionWatcher {
	readonly decided: (session: GatedSession, decided: Decided) => void;
}

/** What the sessions did and met, counted over all of them. */
export class Tally {
	operations = 0;
	connects = 0;
	/** Connections that ended or were refused because something had been killed. */
	losses = 0;
	cancels = 0;
	/** What must never be, the first of each kind in full. */
	readonly findings: string[] = [];
	#kinds = new Map<string, number>();

	/** @param kind for counting, so that one defect does not fill the report */
	found(kind: string, what: string): void {
		const count = (this.#kinds.get(kind) ?? 0) + 1;
		this.#kinds.set(kind, count);
		if (count <= 3) this.findings.push(`${kind}: ${what}`);
	}

	/** How often each kind was found. */
	get kinds(): ReadonlyMap<string, number> {
		return this.#kinds;
	}
}

/** A check that failed: not a loss, but what must never be. */
export class Finding extends Error {
	readonly kind: string;

	constructor(kind: string, what: string) {
		super(what);
		this.kind = kind;
	}
}

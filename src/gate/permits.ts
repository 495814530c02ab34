import type { CommandFlow } from "./flow.ts";

/**
 * Witnesses that the gate was asked. The door exports their types only, and their fields are private, so no other
 * room can make one: whatever writes to an upstream takes one as an argument, and code that forgets to ask does
 * not compile. They are a guard against mistakes of ours, not against code that means harm.
 */

/** One command, decided and recorded: spent once, for the flow of its messages. */
export class CommandPermit {
	#flow: CommandFlow | null;

	constructor(flow: CommandFlow) {
		this.#flow = flow;
	}

	spend(): CommandFlow {
		const flow = this.#flow;
		if (flow === null) throw new Error("a command's permit was spent twice");
		this.#flow = null;
		return flow;
	}
}

/** Parse and Describe of a statement that is not yet to be run. */
export class StagePermit {
	readonly #commandId: string;

	constructor(commandId: string) {
		this.#commandId = commandId;
	}

	get commandId(): string {
		return this.#commandId;
	}
}

/** The protocol's own upkeep, from a closed set of encoders: Sync, Flush, Close, Describe of a cursor, Terminate, cancel, the failing marker. */
export class ProtocolPermit {
	readonly #brand = "protocol";

	get kind(): string {
		return this.#brand;
	}
}

/** The gateway's own constant texts: SHOW of a setting, the catalog's queries. */
export class OwnPermit {
	readonly #brand = "own";

	get kind(): string {
		return this.#brand;
	}
}

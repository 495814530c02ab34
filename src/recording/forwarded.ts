import type { ForwardedEvent } from "./events.ts";

/** A command that went to its upstream, and when. */
export interface Forwarded {
	readonly event: ForwardedEvent;
	/** RFC 3339. */
	readonly time: string;
}

/**
 * Commands that were forwarded and whose outcome is not known. Most outcomes come within a millisecond or two, and
 * then both stand in one line; a command that takes longer gets a line of its own for its being forwarded.
 */
export class ForwardedCommands {
	#young = new Map<string, Forwarded>();
	#old = new Map<string, Forwarded>();

	get empty(): boolean {
		return this.#young.size === 0 && this.#old.size === 0;
	}

	add(event: ForwardedEvent, time: string): void {
		this.#young.set(event.command, { event, time });
	}

	/** For the command's outcome, or whatever has to stand behind it. */
	take(command: string): Forwarded | undefined {
		const young = this.#young.get(command);
		if (young !== undefined) {
			this.#young.delete(command);
			return young;
		}
		const old = this.#old.get(command);
		if (old !== undefined) this.#old.delete(command);
		return old;
	}

	/** Those that were there at the last call already. */
	takeOld(): Forwarded[] {
		const taken = [...this.#old.values()];
		this.#old.clear();
		const cleared = this.#old;
		this.#old = this.#young;
		this.#young = cleared;
		return taken;
	}

	/** All of a session; of all sessions without one. */
	takeAll(session?: string): Forwarded[] {
		const taken: Forwarded[] = [];
		for (const commands of [this.#old, this.#young])
			for (const [command, forwarded] of commands) {
				if (session !== undefined && forwarded.event.session !== session) continue;
				commands.delete(command);
				taken.push(forwarded);
			}
		return taken;
	}
}

import { logRoot, sessionRoot } from "./format.ts";
import type { OpenSession } from "./open-sessions.ts";

/**
 * Where the log and its sessions stand. Events are stamped before they are written; `commit` and `rollback` say
 * whether they were, so that what could not be written leaves no hole.
 */
export class Chain {
	readonly log: string;
	#seq = 0;
	#head: string;
	#open = 0;
	#committedSeq = 0;
	#committedHead: string;
	#committedOpen = 0;
	/** Sessions that have come on since the last commit. */
	readonly #moved: OpenSession[] = [];

	constructor(log: string) {
		this.log = log;
		this.#head = logRoot(log);
		this.#committedHead = this.#head;
	}

	get seq(): number {
		return this.#seq;
	}

	get head(): string {
		return this.#head;
	}

	/** How many sessions have begun in the log and not ended. */
	get openSessions(): number {
		return this.#open;
	}

	/** The next line up to its body: sequence, time, session and both hashes. Call `advance` with the line's hash. */
	stamp(time: string, session: OpenSession | null): string {
		const start = `{"seq":${this.#seq + 1},"time":"${time}","session":`;
		if (session === null) return `${start}null,"n":null,"prev":null,"chain":"${this.#head}",`;
		const { n, name, id } = session;
		const prev = n === 0 ? sessionRoot(id, this.log) : session.hash;
		return `${start}${name},"n":${n + 1},"prev":"${prev}","chain":"${this.#head}",`;
	}

	advance(session: OpenSession | null, lineHash: string, ends: boolean): void {
		this.#seq++;
		this.#head = lineHash;
		if (session === null) return;
		if (session.n === session.committedN) this.#moved.push(session);
		session.n += 1;
		session.hash = lineHash;
		if (session.n === 1) this.#open += 1;
		if (ends) this.#open -= 1;
	}

	commit(): void {
		this.#committedSeq = this.#seq;
		this.#committedHead = this.#head;
		this.#committedOpen = this.#open;
		for (const session of this.#moved) {
			session.committedN = session.n;
			session.committedHash = session.hash;
		}
		this.#moved.length = 0;
	}

	rollback(): void {
		this.#seq = this.#committedSeq;
		this.#head = this.#committedHead;
		this.#open = this.#committedOpen;
		for (const session of this.#moved) {
			session.n = session.committedN;
			session.hash = session.committedHash;
		}
		this.#moved.length = 0;
	}
}

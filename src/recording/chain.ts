import { quoted } from "../lib/index.ts";
import { logRoot, sessionRoot } from "./format.ts";

interface Link {
	readonly n: number;
	readonly hash: string;
	/** The session's name as JSON. */
	readonly name: string;
}

/**
 * Where the log and its open sessions stand. Events are stamped before they are written; `commit` and `rollback`
 * say whether they were, so that what could not be written leaves no hole.
 */
export class Chain {
	readonly log: string;
	#seq = 0;
	#head: string;
	readonly #sessions = new Map<string, Link>();
	#committedSeq = 0;
	#committedHead: string;
	#undo: { session: string; link: Link | undefined }[] = [];

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

	get openSessions(): number {
		return this.#sessions.size;
	}

	/** The next line up to its body: sequence, time, session and both hashes. Call `advance` with the line's hash. */
	stamp(time: string, session: string | null): string {
		const start = `{"seq":${this.#seq + 1},"time":"${time}","session":`;
		if (session === null) return `${start}null,"n":null,"prev":null,"chain":"${this.#head}",`;
		const link = this.#sessions.get(session);
		if (link === undefined)
			return `${start}${quoted(session)},"n":1,"prev":"${sessionRoot(session, this.log)}","chain":"${this.#head}",`;
		return `${start}${link.name},"n":${link.n + 1},"prev":"${link.hash}","chain":"${this.#head}",`;
	}

	advance(session: string | null, lineHash: string, ends: boolean): void {
		this.#seq++;
		this.#head = lineHash;
		if (session === null) return;
		const link = this.#sessions.get(session);
		this.#undo.push({ session, link });
		if (ends) this.#sessions.delete(session);
		else
			this.#sessions.set(session, {
				n: (link?.n ?? 0) + 1,
				hash: lineHash,
				name: link?.name ?? quoted(session),
			});
	}

	commit(): void {
		this.#committedSeq = this.#seq;
		this.#committedHead = this.#head;
		this.#undo = [];
	}

	rollback(): void {
		this.#seq = this.#committedSeq;
		this.#head = this.#committedHead;
		for (let last = this.#undo.pop(); last !== undefined; last = this.#undo.pop()) {
			if (last.link === undefined) this.#sessions.delete(last.session);
			else this.#sessions.set(last.session, last.link);
		}
	}
}

import type { GatedSession } from "../../../gate/index.ts";
import { keepsTemporaryLast } from "./lasting.ts";
import type { OwnQueries } from "./own-queries.ts";
import type { Pipeline } from "./pipeline.ts";
import type { SessionScope } from "./scope.ts";
import { PINNED, type SessionSettings, TRACKED } from "./settings.ts";
import type { ProtocolState } from "./state.ts";
import type { UpstreamWriter } from "./upstream-writer.ts";

export interface StepsParts {
	readonly session: GatedSession;
	readonly state: ProtocolState;
	readonly pipeline: Pipeline;
	readonly upstream: UpstreamWriter;
	readonly own: OwnQueries;
	readonly settings: SessionSettings;
	readonly scope: SessionScope;
	/** Null where it is another one for each transaction. */
	readonly serverProcess: number | null;
	/** Nothing stands in between that could change it. */
	readonly direct: boolean;
	/** A pinned setting has another value: the session has to end. */
	drifted(name: string): void;
	/** Another server process answers than the session is on: it has to end. */
	switched(): void;
}

/** All that is read after something that may have changed any setting. */
const ALL_SETTINGS = [...TRACKED, ...PINNED.keys()];

/** Values by name, and the server's process where that was asked for as well. */
interface Answers {
	readonly values: readonly string[];
	readonly process: number | null;
}

/** Something that has to be over; known at once when it is, so that nobody waits a turn for nothing. */
class Wait {
	over = false;
	#waiting: (() => void) | null = null;

	readonly end = (): void => {
		this.over = true;
		this.#waiting?.();
	};

	settled(): Promise<void> | undefined {
		return this.over ? undefined : new Promise((resolve) => (this.#waiting = resolve));
	}
}

/**
 * What has to be over before the next message may be looked at: a command after which nothing may be forwarded
 * until it is complete, the reading of settings that it may have changed, a cancel on its way.
 */
export class Steps {
	readonly #parts: StepsParts;
	readonly #waits: Wait[] = [];
	#unread: readonly string[] = [];

	constructor(parts: StepsParts) {
		this.#parts = parts;
	}

	/** Nothing goes on until what it returns is called. */
	hold(): () => void {
		const wait = new Wait();
		this.#waits.push(wait);
		return wait.end;
	}

	/** Nothing goes on until this has settled. */
	waitFor(settling: Promise<void>): void {
		const end = this.hold();
		settling.then(end, end);
	}

	/** Settings may have changed: `tracked` only, or any. They are read before the next message. */
	readSettings(which: "tracked" | "all"): void {
		this.#unread = which === "all" || this.#unread === ALL_SETTINGS ? ALL_SETTINGS : TRACKED;
	}

	/** Those that the server has not reported by itself at the session's start. */
	readUnreported(reported: ReadonlyMap<string, string>): void {
		this.#unread = ALL_SETTINGS.filter((name) => !reported.has(name));
	}

	/** Undefined when the next message may be looked at now. */
	settle(): Promise<void> | undefined {
		while (this.#waits[0]?.over === true) this.#waits.shift();
		if (this.#waits.length === 0 && !this.#mustRead) return undefined;
		return this.#settle();
	}

	/** In a failed block nothing can be read; it waits for the block's end. */
	get #mustRead(): boolean {
		const { state } = this.#parts;
		return this.#unread.length > 0 && state.status !== "E" && !state.failed && !state.copyingIn;
	}

	async #settle(): Promise<void> {
		while (this.#waits.length > 0) await this.#waits.shift()?.settled();
		while (this.#mustRead) {
			const names = this.#unread;
			await this.drained();
			if (!this.#mustRead) return;
			this.#unread = [];
			const { values, process } = await this.#read(names);
			const { serverProcess } = this.#parts;
			if (serverProcess !== null && process !== null && process !== serverProcess)
				return this.#parts.switched();
			for (const [index, name] of names.entries()) {
				const drift = this.#parts.settings.report(name, values[index] ?? "");
				if (drift !== null) this.#parts.drifted(drift);
			}
			// Set by a function, it can't be refused beforehand; others' temporary objects would come first from here on.
			if (serverProcess === null && !keepsTemporaryLast(this.#parts.settings.searchPath))
				return this.#parts.drifted("search_path");
			this.#parts.scope.settingsChanged();
		}
	}

	/**
	 * In one statement, but for a block on a server that is reached directly: there by SHOW, which takes no snapshot.
	 * After one the client could set no isolation level any more.
	 */
	async #read(names: readonly string[]): Promise<Answers> {
		const { own, state, direct } = this.#parts;
		if (direct && !state.idle) {
			const answers = await own.run(names.map((name) => `SHOW ${name}`));
			return { values: answers.map((rows) => rows[0]?.[0] ?? ""), process: null };
		}
		const asked = names.map((name) => `pg_catalog.current_setting('${name}')`);
		const [rows] = await own.run([`SELECT ${["pg_catalog.pg_backend_pid()", ...asked].join(", ")}`]);
		const [process, ...values] = rows?.[0] ?? [];
		return { values: values.map((value) => value ?? ""), process: Number(process) };
	}

	/** One question and its answer, so that a signal sent before it has come in. Nothing where a batch is open. */
	async roundTrip(): Promise<void> {
		const { pipeline, state, upstream, session } = this.#parts;
		if (state.unsynced || state.failed || state.copyingIn) return;
		upstream.sync(session.protocolPermit, { visible: false });
		upstream.flush();
		await pipeline.drained();
	}

	/** Everything upstream is answered. The server is told to answer where no Sync makes it. */
	async drained(): Promise<void> {
		const { pipeline, state, upstream, session } = this.#parts;
		const drained = pipeline.drained();
		if (drained === undefined) return;
		if (state.unsynced) upstream.flushRequest(session.protocolPermit);
		upstream.flush();
		await drained;
	}
}

import { randomBytes } from "node:crypto";
import type { Gate, GatedSession } from "../../../gate/index.ts";
import { OutputBatch, type Sink } from "../codec/index.ts";
import { Holding } from "./holding.ts";
import { heldByCursor, heldByStatement } from "./lookup.ts";
import { OwnQueries } from "./own-queries.ts";
import { OwnSettings } from "./own-settings.ts";
import type { Database, Parts } from "./parts.ts";
import { makePin } from "./pin.ts";
import { Pipeline } from "./pipeline.ts";
import { Refusal } from "./refusal.ts";
import { Registry } from "./registry.ts";
import { SessionScope } from "./scope.ts";
import { SessionSettings } from "./settings.ts";
import { ProtocolState } from "./state.ts";
import { Steps } from "./steps.ts";
import { UpstreamWriter } from "./upstream-writer.ts";

export interface AssemblyOptions {
	readonly gate: Gate;
	readonly session: GatedSession;
	readonly database: Database;
	readonly upstream: Sink;
	readonly serverProcess: number | null;
	readonly direct: boolean;
	/** The settings to begin each transaction with; null where they last. */
	readonly pinned: Readonly<Record<string, string>> | null;
	/** How many prepared statements and portals the client may hold. */
	readonly limits: { readonly statements: number; readonly portals: number };
}

/** What the organs ask of the session that they belong to. */
export interface SessionHooks extends Pick<Parts, "cancelUpstream" | "awaitCopy"> {
	/** A pinned setting has another value: the session has to end. */
	drifted(name: string): void;
	/** Another server process answers: the session has to end. */
	switched(): void;
	flushClient(): void;
	/** Reads the client's socket on, so that its going away is noticed. */
	listen(): void;
}

/** Makes the organs of one session and joins them. */
export function assemble(options: AssemblyOptions, hooks: SessionHooks): Parts {
	const { gate, session, database, limits, serverProcess, direct } = options;
	const state = new ProtocolState();
	const pipeline = new Pipeline();
	const client = new OutputBatch();
	const registry = new Registry(limits);
	const settings = new SessionSettings();
	const own = new OwnSettings(session);
	const upstream = new UpstreamWriter(options.upstream, pipeline, state, reservedName());
	if (options.pinned !== null) upstream.pin = makePin(options.pinned, hooks.switched);
	const queries = new OwnQueries(session, upstream, pipeline, state, reservedName());
	const scope: SessionScope = new SessionScope({
		keeper: database.keeper,
		grammar: database.grammar,
		database: database.name,
		settings,
		own: queries,
		prepared: (name) => heldByStatement(registry, scope, name),
		cursor: (name) => heldByCursor(registry, scope, name),
	});
	const { drifted, switched, flushClient, listen, cancelUpstream, awaitCopy } = hooks;
	const steps = new Steps({
		session,
		state,
		pipeline,
		upstream,
		own: queries,
		settings,
		scope,
		serverProcess,
		direct,
		drifted,
		switched,
	});
	const refusal = new Refusal(session, state, pipeline, upstream, client);
	const holding = new Holding({
		session,
		state,
		upstream,
		client,
		own,
		flushClient,
		listen,
		steps: () => steps,
	});
	return {
		gate,
		session,
		database,
		state,
		pipeline,
		upstream,
		client,
		registry,
		settings,
		own,
		scope,
		steps,
		refusal,
		holding,
		awaitCopy,
		cancelUpstream,
	};
}

/** A name that a client can't hit upon: reserved without a list of what is reserved. */
function reservedName(): string {
	return `sallyport ${randomBytes(16).toString("hex")}`;
}

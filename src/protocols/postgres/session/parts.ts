import type { Gate, GatedSession } from "../../../gate/index.ts";
import type { SqlAnalyser } from "../analyse.ts";
import type { CatalogKeeper } from "../catalog/index.ts";
import type { OutputBatch } from "../codec/index.ts";
import type { Grammar } from "../grammar/index.ts";
import type { Holding } from "./holding.ts";
import type { OwnSettings } from "./own-settings.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Refusal } from "./refusal.ts";
import type { Registry } from "./registry.ts";
import type { SessionScope } from "./scope.ts";
import type { SessionSettings } from "./settings.ts";
import type { ProtocolState } from "./state.ts";
import type { Steps } from "./steps.ts";
import type { UpstreamWriter } from "./upstream-writer.ts";

/** What the sessions on one database of one connection share. */
export interface Database {
	readonly name: string;
	readonly grammar: Grammar;
	readonly keeper: CatalogKeeper;
	readonly analyser: SqlAnalyser;
	/** For the mask `hash`: equal values stay equal within a connection. */
	readonly maskKey: Buffer;
}

/** The organs of one session; each file of this folder is one of them, or one way in which they work together. */
export interface Parts {
	readonly gate: Gate;
	readonly session: GatedSession;
	readonly database: Database;
	readonly state: ProtocolState;
	readonly pipeline: Pipeline;
	readonly upstream: UpstreamWriter;
	/** What is about to go to the client. */
	readonly client: OutputBatch;
	readonly registry: Registry;
	readonly settings: SessionSettings;
	readonly own: OwnSettings;
	readonly scope: SessionScope;
	readonly steps: Steps;
	readonly refusal: Refusal;
	readonly holding: Holding;
	/** Called back once, should the command that went up now ask for the client's COPY data. */
	awaitCopy(begun: () => void): void;
	/** Cancels what runs upstream, as the client's own cancel does. */
	cancelUpstream(): void;
}

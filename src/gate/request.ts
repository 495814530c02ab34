import type { AnalysedCommand, CommandParameters, Redaction } from "../commands/index.ts";
import type { FilterObligation } from "../policy/index.ts";
import type { Denial } from "./denial.ts";
import type { Obligations } from "./obligations.ts";
import type { CommandPermit, StagePermit } from "./permits.ts";

/** A text to be prepared, as a protocol brings it to the gate. */
export interface StageRequest {
	/** The text as the client sent it, for the record when the analysis fails. */
	readonly text: string;
	/** Analyses in the session's scope of this moment; called again after a hold. */
	analyse(): AnalysedCommand | Promise<AnalysedCommand>;
	/** Where constants stand in the text of a command that could not be analysed or decided. */
	constants(text: string): readonly Redaction[];
	/** ROLLBACK and its like: recorded, never asked about. */
	neverDenied(command: AnalysedCommand): boolean;
}

/** A command to be executed. */
export interface CommandRequest extends StageRequest {
	readonly parameters: CommandParameters;
	/** What the client sent of them: formats and bytes. */
	parameterBytes(): Uint8Array;
	/** The role on the target that it runs as. */
	role(): string;
	/**
	 * Adds the decision's row filters to what goes to the target. Answers the text that goes there then, or null where
	 * the command reaches nothing that is filtered. Throws where they can't be added.
	 */
	filter(filters: readonly FilterObligation[]): string | null;
	/** Throws where the protocol can't do what the decision asks for on this command. */
	assertCan(obligations: Obligations, command: AnalysedCommand): void;
	/** Made only for a command that has to be held. */
	hold(): Hold;
}

/** How a protocol holds a command while people are asked. */
export interface Hold {
	/** False when the client asked not to wait (`sallyport.approval = nowait`). */
	readonly wait: boolean;
	/** True inside a transaction that already has work upstream: others may wait for its locks. */
	readonly inTransaction: boolean;
	/** Lets go of what the target holds for the command so far. */
	prepare(): Promise<void>;
	/** Tells the client that it waits, and for what. */
	notice(message: string, detail: string): void;
	/** Aborted when the client cancels or goes away. */
	readonly cancelled: AbortSignal;
}

export type Verdict =
	| { readonly kind: "permit"; readonly permit: CommandPermit; readonly obligations: Obligations }
	| { readonly kind: "denied"; readonly denial: Denial };

export type StageVerdict =
	| { readonly kind: "permit"; readonly permit: StagePermit }
	| { readonly kind: "denied"; readonly denial: Denial };

import type { AnalysedCommand, CommandParameters, Redaction } from "../../../commands/index.ts";
import type { CommandRequest, Hold, Obligations } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import type { BindMessage } from "../codec/index.ts";
import { constantsOf } from "../redactions.ts";
import { assertCanMaskCopy } from "./capabilities.ts";
import { parametersOf } from "./parameters.ts";
import type { Parts } from "./parts.ts";
import type { WireStatement } from "./registry.ts";
import { asOfNow, neverDenied } from "./understand.ts";
import { unfiltered, withFilters } from "./with-filters.ts";

/** A Bind message and where it stands. */
export interface Bind {
	readonly message: BindMessage;
	readonly buffer: Buffer;
	readonly start: number;
	readonly end: number;
}

const HEADER = 5;

/** A Bind as the gate is asked about it. A class, since there is one for each command: closures would cost more. */
export class BindRequest implements CommandRequest {
	readonly text: string;
	readonly parameters: CommandParameters;
	/** What it means, as last analysed, and with the filters that were added. */
	sql: AnalysedSql;
	readonly #parts: Parts;
	readonly #bind: Bind;
	readonly #wire: WireStatement;

	/** @param types of the parameters, as far as they are known */
	constructor(parts: Parts, bind: Bind, wire: WireStatement, types: readonly number[]) {
		this.text = wire.text;
		this.parameters = parametersOf(bind.message, types, parts.scope.last.scope.catalog);
		this.sql = wire.analysed;
		this.#parts = parts;
		this.#bind = bind;
		this.#wire = wire;
	}

	/** Formats and values as the client sent them; the result formats behind them do no harm to a binding. */
	parameterBytes(): Uint8Array {
		const { message, buffer, start, end } = this.#bind;
		const names = Buffer.byteLength(message.portal) + Buffer.byteLength(message.statement) + 2;
		return buffer.subarray(start + HEADER + names, end);
	}

	constants(text: string): readonly Redaction[] {
		return constantsOf(text);
	}

	role(): string {
		return this.#parts.settings.role;
	}

	analyse(): AnalysedCommand | Promise<AnalysedCommand> {
		const now = asOfNow(this.#parts, this.text, unfiltered(this.#wire.analysed));
		return now instanceof Promise ? this.#takeLater(now) : this.#take(now);
	}

	async #takeLater(sql: Promise<AnalysedSql>): Promise<AnalysedCommand> {
		return this.#take(await sql);
	}

	#take(sql: AnalysedSql): AnalysedCommand {
		this.sql = sql;
		return sql.command;
	}

	neverDenied(): boolean {
		return neverDenied(this.sql.statements, this.#parts.state.status === "E");
	}

	/** On its own it can fail before its Sync. */
	assertCan(obligations: Obligations): void {
		assertCanMaskCopy(obligations, this.sql);
	}

	filter(filters: Parameters<CommandRequest["filter"]>[0]): string | null {
		const narrowed = withFilters(this.#parts, this.sql, filters);
		if (narrowed === null) return null;
		this.sql = narrowed;
		return narrowed.text;
	}

	hold(): Hold {
		return this.#parts.holding.hold();
	}
}

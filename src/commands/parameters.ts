import type { SqlParameter } from "./sql.ts";

/** A command's parameters in the policy's words, made into JSON once: most are written down and never looked at. */
export class CommandParameters {
	/** Of a command without any. */
	static readonly NONE = new CommandParameters("[]", 0);

	/** An array of `SqlParameter` as JSON on one line. */
	readonly json: string;
	readonly count: number;

	constructor(json: string, count: number) {
		this.json = json;
		this.count = count;
	}

	static of(list: readonly SqlParameter[]): CommandParameters {
		return new CommandParameters(JSON.stringify(list), list.length);
	}

	get list(): readonly SqlParameter[] {
		return JSON.parse(this.json) as SqlParameter[];
	}
}

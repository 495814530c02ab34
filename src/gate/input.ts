import {
	type AnalysedCommand,
	type CommandParameters,
	type Grant,
	type SessionInput,
	type TimeContext,
	timeContext,
} from "../commands/index.ts";

/**
 * The input of `sallyport/command/decision` as JSON, put together from parts that were serialised once: who and
 * where by session (`head` is its `inputHead`), what by analysed text. Only time, grants and parameters are new each time.
 */
export function inputJson(
	head: string,
	now: number,
	grants: readonly Grant[],
	command: AnalysedCommand,
	stage: "parse" | "execute",
	parameters: CommandParameters | null,
): string {
	const approvals = grants.length === 0 ? "[]" : JSON.stringify(grants);
	return join(head, timeJson(now), approvals, command, stage, parameters?.json ?? "null");
}

/** The same without a session: for those who only ask what would be decided. */
export function commandInput(
	who: Pick<SessionInput, "principal" | "connection" | "session">,
	time: TimeContext,
	command: AnalysedCommand,
): string {
	return join(JSON.stringify(who).slice(0, -1), JSON.stringify(time), "[]", command, "execute", "[]");
}

function join(
	head: string,
	time: string,
	approvals: string,
	command: AnalysedCommand,
	stage: string,
	parameters: string,
): string {
	return `${head},"time":${time},"approvals":${approvals},"command":${command.head},"stage":"${stage}","parameters":${parameters}}}`;
}

let lastNow = Number.NaN;
let lastJson = "";

function timeJson(now: number): string {
	if (now !== lastNow) {
		lastJson = JSON.stringify(timeContext(now));
		lastNow = now;
	}
	return lastJson;
}

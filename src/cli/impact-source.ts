import {
	type ChangedDecision,
	type ImpactReport,
	openPolicy,
	readUnverified,
	replayImpact,
} from "../policy/index.ts";
import { recordedCommands } from "../recording/index.ts";
import { CliError, GatewayFailure } from "./errors.ts";
import type { Gateway } from "./gateway.ts";

/** Which commands of the record are replayed. */
export interface ImpactQuery {
	/** RFC 3339. */
	readonly since: string | undefined;
	readonly until: string | undefined;
	readonly connections: readonly string[];
}

/** Told while a replay goes on. */
export interface ImpactWatcher {
	onChange(changed: ChangedDecision): void | Promise<void>;
	onProgress(replayed: number): void;
}

type Line =
	| { readonly type: "progress"; readonly replayed: number }
	| { readonly type: "change"; readonly changed: ChangedDecision }
	| { readonly type: "report"; readonly report: ImpactReport }
	| { readonly type: "failure"; readonly code: string; readonly message: string; readonly remedy: string };

/** A gateway replays its own record through its policy in force and the candidate. */
export async function impactOfGateway(
	gateway: Gateway,
	archive: Buffer<ArrayBuffer>,
	{ since, until, connections }: ImpactQuery,
	watcher: ImpactWatcher,
): Promise<ImpactReport> {
	const query = new URLSearchParams();
	if (since !== undefined) query.set("since", since);
	if (until !== undefined) query.set("until", until);
	for (const connection of connections) query.append("connection", connection);
	const path = `api/v1/policy/impact?${query}`;
	for await (const line of gateway.linesFor<Line>(path, archive, "application/vnd.openpolicyagent.bundles")) {
		if (line.type === "progress") watcher.onProgress(line.replayed);
		else if (line.type === "change") await watcher.onChange(line.changed);
		else if (line.type === "report") return line.report;
		else throw new GatewayFailure(line.code, line.message, line.remedy);
	}
	throw new CliError("gateway_answer_invalid", "The answer broke off.");
}

/** The same on this machine, from a record's files and two bundles, whose signatures are not looked at. */
export async function impactOfFiles(
	{
		record,
		running,
		candidate,
	}: { readonly record: string; readonly running: Uint8Array; readonly candidate: Uint8Array },
	{ since, until, connections }: ImpactQuery,
	watcher: ImpactWatcher,
): Promise<ImpactReport> {
	const [before, after] = [
		await openPolicy(await readUnverified(running)),
		await openPolicy(await readUnverified(candidate)),
	];
	const commands = recordedCommands(record, {
		...(since === undefined ? {} : { since: Date.parse(since) }),
		...(until === undefined ? {} : { until: Date.parse(until) }),
		connections,
	});
	return replayImpact({ running: before.ready, candidate: after.ready }, commands, {
		onChange: (changed) => watcher.onChange(changed),
		onProgress: (replayed) => watcher.onProgress(replayed),
	});
}

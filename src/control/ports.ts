import type { Registry } from "prom-client";
import type { Approvals } from "../approvals/index.ts";
import type { ApiTokens, Identity, Locks, Peer } from "../identity/index.ts";
import type { Clock, Log } from "../lib/index.ts";
import type { MaskingError, MaskKeys } from "../masking/index.ts";
import type {
	AccessDecision,
	BundleStatus,
	ChangedDecision,
	Evaluation,
	Explanation,
	ImpactReport,
	ReadyPolicy,
	ShadowStatus,
} from "../policy/index.ts";
import type { AdminEvent } from "../recording/index.ts";
import type { Fleet } from "./bundles/fleet.ts";
import type { BundleShelf } from "./bundles/shelf.ts";
import type { ConnectionScan, ConnectionTrial } from "./schemas/connections.ts";
import type { EvalAnswer, EvalRequest } from "./schemas/policy.ts";
import type { SessionView } from "./schemas/sessions.ts";

/** The sessions that are open in this process. */
export interface SessionDirectory {
	list(): SessionView[];
	get(id: string): SessionView | undefined;
	/** Ends a session at once; its client is told `message`. False when there is none. */
	kill(id: string, message: string): boolean;
}

export interface ConnectionDirectory {
	list(): readonly ConnectionSummary[];
	get(name: string): ConnectionSummary | undefined;
	/** Opens an upstream connection of its own and closes it again. Throws never. */
	test(name: string): Promise<ConnectionTrial>;
	/** Samples the upstream's tables. Throws SallyportError when it can't be reached. */
	scan(name: string, bounds: { readonly rows: number; readonly timeoutMs: number }): Promise<ConnectionScan>;
}

export interface ConnectionSummary {
	readonly name: string;
	readonly type: "postgres" | "mysql" | "ssh" | "kubernetes";
	readonly labels: Readonly<Record<string, string>>;
	readonly databases: readonly string[];
	/** Where clients reach it through this gateway. */
	readonly endpoint: { readonly host: string; readonly port: number; readonly tls: boolean };
}

export interface PolicyStatus {
	readonly active:
		| {
				readonly revision: string;
				readonly activatedAt: number;
				readonly ready: Pick<ReadyPolicy, "rules">;
		  }
		| undefined;
	status(): readonly BundleStatus[];
	/** Asks the sources of all bundles now, or of one. False when there is none of that name. */
	trigger(name?: string): Promise<boolean>;
}

/** What reports on the policy at work. */
export interface Reporting {
	/** Sends now what there is to send. False when it isn't configured. */
	trigger(plugin: "discovery" | "status" | "decision_logs"): Promise<boolean>;
	/** How discovery fares; undefined where there is none. */
	discovery(): BundleStatus | undefined;
}

/** Asks the policy in force, without running anything. */
export interface PolicyEval {
	/**
	 * Analyses and decides a text as a session of `principal` on that connection would, or decides about an input that
	 * is given. Throws `request_invalid` for neither.
	 */
	evaluate(request: EvalRequest): Promise<EvalAnswer>;
	explain(answer: EvalAnswer): Explanation;
}

/** What is replayed through which candidate. */
export interface ImpactRequest {
	readonly archive: Buffer;
	/** RFC 3339. */
	readonly since: string | undefined;
	readonly until: string | undefined;
	readonly connections: readonly string[];
}

/** A line of the answer; `report` or `failure` is the last. */
export type ImpactLine =
	| { readonly type: "progress"; readonly replayed: number }
	| { readonly type: "change"; readonly changed: ChangedDecision }
	| { readonly type: "report"; readonly report: ImpactReport }
	| { readonly type: "failure"; readonly code: string; readonly message: string; readonly remedy: string };

export interface PolicyReplays {
	/** Throws what is wrong with the candidate, or that a replay is under way. */
	start(request: ImpactRequest): Promise<AsyncIterable<ImpactLine>>;
}

/** A mask that could not be put on, on one connection. */
export interface MaskFault {
	readonly connection: string;
	readonly error: Pick<MaskingError, "code" | "message" | "remedy">;
	/** When a statement was denied for it last, in milliseconds since the epoch. */
	readonly at: number;
}

/** What keeps one client of the bundle server from using it up. */
export interface BundleServerLimits {
	/** Of a bundle that is pushed, packed. */
	readonly bytes: number;
	/** The longest that a long poll waits. */
	readonly maxWaitMs: number;
}

/** A candidate beside the live policy. */
export interface PolicyShadow {
	/** Takes the place of the one that runs. Throws what is wrong with it. */
	start(archive: Buffer, share: number): Promise<void>;
	/** Throws `not_found` where none was started. */
	status(): ShadowStatus;
	stop(): Promise<void>;
}

/** Everything that the control plane works with; `main` wires it. */
export interface ControlPorts {
	readonly clock: Clock;
	readonly log: Log;
	readonly authenticator: { authenticate(token: string, from: Peer): Promise<Identity> };
	/**
	 * `sallyport/admin/decision` of the active policy. With an id the decision is one that somebody's request hangs on,
	 * and is logged by that id. Throws `no_policy` when there is none: that is a
	 * denial.
	 */
	readonly decideAdmin: (inputJson: string, decisionId?: string) => Evaluation<AccessDecision>;
	/** Writes into the record. Throws when it can't: then nothing is changed. */
	readonly record: (event: AdminEvent) => void | Promise<void>;
	readonly sessions: SessionDirectory;
	readonly approvals: Pick<Approvals, "list" | "get" | "answer">;
	/** The values behind the tokens that masks make. */
	readonly maskKeys: Pick<MaskKeys, "reveal">;
	readonly tokens: Pick<ApiTokens, "create" | "list" | "get" | "revoke">;
	readonly locks: Locks;
	readonly connections: ConnectionDirectory;
	readonly policy: PolicyStatus;
	readonly reporting: Reporting;
	readonly maskFaults: { list(): readonly MaskFault[] };
	readonly policyEval: PolicyEval;
	readonly policyReplay: PolicyReplays;
	readonly policyShadow: PolicyShadow;
	readonly bundles: BundleShelf;
	readonly bundleLimits: BundleServerLimits;
	readonly fleet: Fleet;
	readonly metrics: Registry;
	/** Where the record is, for replay and search. */
	readonly recordDirectory: string;
	/** False while the record can't be written, so that everything would be refused. */
	readonly recordHealthy: () => boolean;
}

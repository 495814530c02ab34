import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "prom-client";
import { Approvals } from "../../../src/approvals/index.ts";
import {
	BundleShelf,
	type ControlPorts,
	createApp,
	Fleet,
	type ServerTls,
	type SessionView,
} from "../../../src/control/index.ts";
import { Authenticator, Locks } from "../../../src/identity/index.ts";
import { type Log, Secret, systemClock } from "../../../src/lib/index.ts";
import { MaskKeys } from "../../../src/masking/index.ts";
import { type AdminInput, PolicyError } from "../../../src/policy/index.ts";
import { DEFAULT_RECORDINGS, Recorder, recordDirectory, searchRecord } from "../../../src/recording/index.ts";
import { openStore } from "../../../src/store/index.ts";

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it, it asserts.
	readonly json: any;
}

export type Decide = (input: AdminInput) => boolean;

const orders = {
	name: "orders",
	type: "postgres" as const,
	labels: { env: "prod" },
	databases: [],
	endpoint: { host: "127.0.0.1", port: 15432, tls: false },
};

/** Agents may do nothing, people everything, unless a test says otherwise. */
const peopleOnly: Decide = ({ principal }) => principal.kind === "human";

/** The control plane over HTTP, on real rooms: identity, store, approvals, record. Sessions and policy are set by the test. */
export async function startControl(overrides: Partial<ControlPorts> = {}, tls?: ServerTls) {
	const directory = await mkdtemp(join(tmpdir(), "sallyport-control-"));
	const store = openStore("sqlite::memory:", directory);
	const recorder = await Recorder.open({ dataDir: directory, config: DEFAULT_RECORDINGS, log: quiet });
	const authenticator = new Authenticator({
		config: {
			providers: [],
			static_tokens: [
				{ token: new Secret("agent-token"), subject: "agent-7", kind: "agent", groups: ["agents"] },
				{ token: new Secret("dana-token"), subject: "dana", kind: "human", groups: ["dba"] },
			],
		},
		tokens: store.tokens,
		listenerHosts: ["127.0.0.1"],
		log: quiet,
	});
	const approvals = new Approvals({
		store: store.approvals,
		baseUrl: "http://127.0.0.1",
		log: quiet,
		onEvent: () => undefined,
	});
	const state = {
		decide: peopleOnly as Decide | null,
		asked: [] as AdminInput[],
		sessions: new Map<string, SessionView>(),
		killed: [] as string[],
	};
	const records = recordDirectory(DEFAULT_RECORDINGS, directory);
	const ports: ControlPorts = {
		clock: systemClock,
		log: quiet,
		authenticator,
		decideAdmin: (inputJson) => {
			if (state.decide === null) throw new PolicyError("no_policy");
			const input = JSON.parse(inputJson) as AdminInput;
			state.asked.push(input);
			const allow = state.decide(input);
			const reason = {
				rule: allow ? "test-allow" : "test-deny",
				message: "said the test",
				remedy: "ask the test",
			};
			return {
				decision: { action: allow ? "allow" : "deny", reasons: [reason] },
				revision: "r1",
				cost: 7,
				micros: 1,
				readTime: false,
			};
		},
		record: (event) => recorder.append(event),
		sessions: {
			list: () => [...state.sessions.values()],
			get: (id) => state.sessions.get(id),
			kill: (id, message) => {
				if (state.sessions.delete(id)) state.killed.push(`${id}: ${message}`);
				else return false;
				return true;
			},
		},
		recordDirectory: records,
		approvals,
		tokens: authenticator.apiTokens,
		maskKeys: new MaskKeys(Buffer.alloc(32, 1)),
		locks: new Locks(store.locks, systemClock),
		connections: {
			list: () => [orders],
			get: (name) => (name === "orders" ? orders : undefined),
			test: async () => ({ ok: true, server_version: "18.4", encrypted: true, milliseconds: 1, error: null }),
			scan: async () => ({ columns: [], tables: 0, scanned: 0, skipped: [] }),
		},
		policy: {
			active: { revision: "r1", activatedAt: Date.now(), ready: { rules: [] } },
			status: () => [],
			trigger: async (name) => name === undefined || name === "main",
		},
		maskFaults: { list: () => [] },
		reporting: { trigger: async (plugin) => plugin === "status", discovery: () => undefined },
		policyEval: {
			evaluate: async () => {
				throw new PolicyError("no_policy");
			},
			explain: () => {
				throw new PolicyError("no_policy");
			},
		},
		policyShadow: {
			start: async () => undefined,
			status: () => {
				throw new PolicyError("no_policy");
			},
			stop: async () => undefined,
		},
		policyReplay: {
			start: async () => {
				throw new PolicyError("no_policy");
			},
		},
		bundles: new BundleShelf({
			directory: join(directory, "shelf"),
			clock: systemClock,
			keep: 4,
			waiting: 10,
			inspect: async (_name, archive) => {
				const { revision, sequence, signed } = JSON.parse(archive.toString());
				return { revision, sequence, signed };
			},
			resequence: async (archive, sequence) =>
				Buffer.from(JSON.stringify({ ...JSON.parse(archive.toString()), sequence })),
			regoVariant: async (archive) => {
				const { rego } = JSON.parse(archive.toString()) as { rego?: string };
				return rego === undefined ? null : Buffer.from(rego);
			},
		}),
		bundleLimits: { bytes: 1 << 20, maxWaitMs: 20_000 },
		fleet: await Fleet.open(join(directory, "gateways.json"), systemClock, quiet),
		metrics: new Registry(),
		recordHealthy: () => recorder.healthy,
		...overrides,
	};
	const app = await createApp(ports, tls);
	await app.listen({ host: "127.0.0.1", port: 0 });
	const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

	async function call(
		method: string,
		path: string,
		options: { token?: string; body?: unknown; headers?: object } = {},
	): Promise<Answer> {
		const { token = "dana-token", body, headers } = options;
		const answer = await fetch(url + path, {
			method,
			headers: {
				...(token === "" ? {} : { authorization: `Bearer ${token}` }),
				...(body === undefined || Buffer.isBuffer(body) ? {} : { "content-type": "application/json" }),
				...headers,
			},
			...(body === undefined
				? {}
				: { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
		});
		const text = await answer.text();
		return {
			status: answer.status,
			headers: answer.headers,
			text,
			json: answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : undefined,
		};
	}

	return {
		url,
		app,
		state,
		approvals,
		recorder,
		directory,
		get: (path: string, options: { token?: string; headers?: object } = {}) => call("GET", path, options),
		post: (path: string, body: unknown = {}, options: { token?: string } = {}) =>
			call("POST", path, { ...options, body }),
		call,
		/** What the record has of administrative actions, as `action outcome`. */
		async adminEvents(): Promise<string[]> {
			const events: string[] = [];
			for await (const event of searchRecord(records, { type: "admin" })) {
				events.push(`${event.fields["action"]} ${event.fields["outcome"]}`);
			}
			return events;
		},
		async stop() {
			await app.close();
			approvals.close();
			await recorder.close();
			store.close();
			await rm(directory, { recursive: true });
		},
	};
}

export type Control = Awaited<ReturnType<typeof startControl>>;

export function sessionView(id: string, subject: string): SessionView {
	return {
		id,
		state: "open",
		principal: { subject, kind: "agent", provider: "static", issuer: "static" },
		connection: { name: "orders", labels: { env: "prod" } },
		database: "orders",
		started_at: "2026-11-26T10:00:00.000Z",
		ended_at: null,
		end_reason: null,
		client_address: "127.0.0.1",
		commands: 3,
	};
}

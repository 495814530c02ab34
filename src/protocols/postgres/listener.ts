import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { AnalysedCommand } from "../../commands/index.ts";
import type { Connection, ConnectionRegistry, Target } from "../../connections/index.ts";
import type { GatedSession } from "../../gate/index.ts";
import { IdentityError, type Peer } from "../../identity/index.ts";
import { isLoopback, type Log } from "../../lib/index.ts";
import type { MaskKeys } from "../../masking/index.ts";
import type { Analyses, GateDoor, Listener } from "../protocol.ts";
import { type CancelKey, CancelKeys } from "./cancel-keys.ts";
import {
	AUTHENTICATION_OK,
	backendLimits,
	encodeBackendKeyData,
	encodeParameterStatus,
	frontendLimits,
	type LengthLimits,
} from "./codec/index.ts";
import { type DatabaseLease, Databases } from "./databases.ts";
import { thrownReport } from "./errors.ts";
import { DEFAULT_LIMITS, type GrammarLimits } from "./grammar/index.ts";
import { LocalSocket } from "./listening/index.ts";
import { inEmptySession } from "./offline.ts";
import type { WaitingLimits } from "./session/client-reader.ts";
import { PINNED_AT_STARTUP } from "./session/settings.ts";
import { PostgresSession, type SessionOptions } from "./session.ts";
import { type Negotiated, negotiate, type OauthOffer, refuse, refuseBearer } from "./startup/index.ts";
import { type StartupSettings, startupSettings } from "./startup-settings.ts";
import {
	cancelUpstream,
	connectUpstream,
	giveSettings,
	PoolerWatch,
	pinnedSettings,
	type UpstreamSession,
} from "./upstream/index.ts";

export interface PostgresListenerConfig {
	readonly host: string;
	readonly port: number;
	/** A Unix socket besides; null for none. */
	readonly local: { readonly directory: string; readonly permissions: number } | null;
	/** Who is asked for a token by OAUTHBEARER; null for nobody. */
	readonly oauth: OauthOffer | null;
	/** PEM texts; null without TLS. */
	readonly tls: { readonly cert: string; readonly key: string } | null;
	readonly connections: ConnectionRegistry;
	readonly log: Log;
	readonly limits: {
		/** Connections that have not authenticated yet. */
		readonly handshakes: number;
		readonly handshakeTimeoutMs: number;
		readonly messageBytes: number;
		readonly serverMessageBytes: number;
		readonly waitingBytes: number;
		readonly heldBytes: number;
		readonly statementsPerSession: number;
		readonly portalsPerSession: number;
	};
	readonly grammar: Partial<GrammarLimits>;
	/** Milliseconds that the analysis of one text may take. */
	readonly analysisTimeoutMs: number;
	/** Milliseconds within which DDL from elsewhere is noticed. */
	readonly staleBoundMs: number;
	/** For the digests and tokens of masks: by the connection's name. */
	readonly maskKeys: Pick<MaskKeys, "of">;
}

/** Connections that wait to be accepted: over it the kernel drops them, and a client tries again after seconds. */
const BACKLOG = 4_096;

/** Binds the PostgreSQL listener. Rejects when the address can't be had. */
export async function bindPostgres(
	config: PostgresListenerConfig,
	door: GateDoor,
): Promise<Listener & Analyses> {
	const listener = new PostgresListener(config, door);
	await listener.listen();
	return listener;
}

class PostgresListener implements Listener, Analyses {
	readonly tls: boolean;
	readonly #config: PostgresListenerConfig;
	readonly #door: GateDoor;
	readonly #server: Server;
	#local: LocalSocket | null = null;
	readonly #secure: SecureContext | null;
	readonly #databases: Databases;
	readonly #poolers = new PoolerWatch();
	readonly #cancelKeys = new CancelKeys<PostgresSession>();
	readonly #clientLimits: LengthLimits;
	readonly #waiting: WaitingLimits;
	readonly #upstreamLimits: LengthLimits;
	#handshakes = 0;

	constructor(config: PostgresListenerConfig, door: GateDoor) {
		this.#config = config;
		this.#door = door;
		this.tls = config.tls !== null;
		this.#secure = config.tls === null ? null : createSecureContext({ ...config.tls, minVersion: "TLSv1.2" });
		this.#clientLimits = frontendLimits(config.limits.messageBytes);
		this.#waiting = { working: config.limits.waitingBytes, held: config.limits.heldBytes };
		this.#upstreamLimits = backendLimits(config.limits.serverMessageBytes);
		this.#databases = new Databases({
			grammar: { ...DEFAULT_LIMITS, ...config.grammar },
			analysisTimeoutMs: config.analysisTimeoutMs,
			staleBoundMs: config.staleBoundMs,
			maskKeys: config.maskKeys,
			log: config.log,
		});
		this.#server = createServer(
			{ noDelay: true, keepAlive: true },
			(socket) => void this.#accept(socket, false),
		);
	}

	get port(): number {
		const address = this.#server.address();
		return typeof address === "object" && address !== null ? address.port : this.#config.port;
	}

	get address(): string {
		const { host } = this.#config;
		return `${host.includes(":") ? `[${host}]` : host}:${this.port}`;
	}

	get socketPath(): string | null {
		return this.#local?.path ?? null;
	}

	async listen(): Promise<void> {
		const { host, port, local } = this.#config;
		await new Promise<void>((resolve, reject) => {
			this.#server.once("error", reject);
			this.#server.listen({ port, host, backlog: BACKLOG }, () => {
				this.#server.removeListener("error", reject);
				resolve();
			});
		});
		this.#logErrors(this.#server);
		if (local === null) return;
		const server = createServer((socket) => void this.#accept(socket, true));
		try {
			this.#local = await LocalSocket.listen(server, { ...local, port: this.port });
		} catch (error) {
			this.#server.close();
			throw error;
		}
		this.#logErrors(server);
	}

	#logErrors(server: Server): void {
		server.on("error", (err) => this.#config.log.error({ err }, "the postgres listener failed"));
	}

	connectionsChanged(connections: readonly Connection[]): void {
		this.#databases.retain(new Set(connections));
	}

	refuseNew(): void {
		this.#server.close();
		this.#local?.close();
		this.#local = null;
	}

	async close(): Promise<void> {
		this.refuseNew();
		await this.#databases.close();
	}

	async analyse(text: string, connection: Connection): Promise<AnalysedCommand> {
		const lease = await this.#databases.acquireAny(connection, connection.upstream.database);
		try {
			return await inEmptySession(lease.database, connection, text);
		} finally {
			lease.release();
		}
	}

	/** @param local it came by the Unix socket */
	async #accept(socket: Socket, local: boolean): Promise<void> {
		if (this.#handshakes >= this.#config.limits.handshakes) {
			socket.destroy();
			return;
		}
		this.#handshakes += 1;
		let over = false;
		const handshakeOver = () => {
			if (over) return;
			over = true;
			this.#handshakes -= 1;
		};
		const peer = peerOf(socket, local);
		try {
			const negotiation = await negotiate(socket, {
				peer,
				oauth: this.#config.oauth,
				tls: local ? null : this.#secure, // as the server, which has none there
				timeoutMs: this.#config.limits.handshakeTimeoutMs,
				onCancel: (processId, secret) => this.#cancelKeys.find(processId, secret)?.cancel(),
			});
			if (negotiation.outcome === "refused" && negotiation.error !== null)
				this.#config.log.info({ address: peer.address, err: negotiation.error }, "start-up refused");
			if (negotiation.outcome === "ready") await this.#open(negotiation, peer);
		} catch (thrown) {
			this.#config.log.warn({ address: peer.address, err: thrown }, "start-up failed");
			socket.destroy();
		} finally {
			handshakeOver();
		}
	}

	/** From a token to a session that is ready; whatever fails on the way is told to the client and leaves nothing. */
	async #open(negotiated: Negotiated, peer: Peer): Promise<void> {
		const { socket } = negotiated;
		let session: GatedSession | null = null;
		const undo: (() => void)[] = [];
		try {
			const settings = startupSettings(negotiated.parameters);
			let target: Target | null = null;
			session = await this.#authorise(negotiated, peer, settings, (resolved) => {
				target = resolved;
			});
			const opened = session;
			undo.push(() => this.#door.authoriser.leave(opened, "failed", "the session could not be opened"));
			const { connection, database: name } = target as unknown as Target;
			const upstream = await this.#connect(connection, name, settings, session);
			undo.push(() => upstream.socket.destroy());
			const serverProcess = await this.#poolers.confirm(upstream, name, connection.upstream.pooler);
			const pinned = serverProcess === null ? await pinnedSettings(upstream) : null;
			if (pinned === null) await giveSettings(upstream);
			// The picture of the catalog is of the very server that the session is on.
			const lease = await this.#databases.acquire(connection, name, upstream.server);
			undo.push(lease.release);
			const direct = serverProcess !== null && serverProcess === upstream.backendKey?.processId;
			const place = { serverProcess, direct, pinned };
			const running = this.#run(negotiated, settings, session, lease, upstream, place);
			undo.length = 0; // from here on the session cleans up behind itself
			await running;
		} catch (thrown) {
			for (const step of undo.reverse()) step();
			this.#config.log.info({ session: session?.id, address: peer.address, err: thrown }, "session refused");
			if (negotiated.oauth !== null && thrown instanceof IdentityError)
				refuseBearer(socket, negotiated.oauth);
			const { sqlstate, message, detail, hint } = thrownReport(thrown, "FATAL");
			refuse(socket, { sqlstate, message, detail: detail ?? null, hint: hint ?? null });
		}
	}

	#authorise(
		negotiated: Negotiated,
		from: Peer,
		settings: StartupSettings,
		chosen: (target: Target) => void,
	): Promise<GatedSession> {
		const { parameters, token } = negotiated;
		return this.#door.authoriser.authorise({
			token,
			from,
			connection: () => {
				const asked = parameters.get("database") ?? parameters.get("user") ?? "";
				const target = this.#config.connections.resolve(asked);
				chosen(target);
				const { name, type, labels, decisionBudget } = target.connection;
				const context = { name, type, labels: { ...labels } };
				return { context, database: target.database, decisionBudget };
			},
			client: {
				client_application: parameters.get("application_name") ?? "",
				reason: settings.own.find(([name]) => name === "sallyport.reason")?.[1] ?? "",
				startup: {
					user: parameters.get("user") ?? "",
					settings: { ...settings.settings },
					options: settings.options,
				},
			},
		});
	}

	#connect(
		connection: Connection,
		database: string,
		settings: StartupSettings,
		session: GatedSession,
	): Promise<UpstreamSession> {
		return connectUpstream(connection.upstream, {
			database,
			applicationName: session.context.client_application,
			startupParameters: { ...settings.forwarded, ...PINNED_AT_STARTUP },
			plain: connection.upstream.pooler === "transaction",
		});
	}

	/** Never rejects. */
	#run(
		negotiated: Negotiated,
		settings: StartupSettings,
		session: GatedSession,
		lease: DatabaseLease,
		upstream: UpstreamSession,
		place: Pick<SessionOptions, "serverProcess" | "direct" | "pinned">,
	): Promise<void> {
		const { socket: client } = negotiated;
		let key: CancelKey | undefined;
		const running = new PostgresSession({
			gate: this.#door.gate,
			session,
			database: lease.database,
			client,
			upstream: upstream.socket,
			parameters: upstream.parameters,
			...place,
			ownSettings: settings.own,
			clientLimits: this.#clientLimits,
			waiting: this.#waiting,
			upstreamLimits: this.#upstreamLimits,
			limits: {
				statements: this.#config.limits.statementsPerSession,
				portals: this.#config.limits.portalsPerSession,
			},
			cancelUpstream: () =>
				upstream.backendKey === null
					? Promise.resolve()
					: cancelUpstream(upstream.server, upstream.backendKey, { tls: upstream.tls }),
			log: this.#config.log,
			onClosed: (reason, message) => {
				if (key !== undefined) this.#cancelKeys.revoke(key);
				lease.release();
				this.#door.authoriser.leave(session, reason, message);
			},
		});
		const serversId = upstream.backendKey?.processId ?? null;
		key = this.#cancelKeys.issue(running, negotiated.protocol.minor, serversId);
		return running.start([
			AUTHENTICATION_OK,
			...[...upstream.parameters].map(([parameter, value]) => encodeParameterStatus(parameter, value)),
			encodeBackendKeyData(key.processId, key.secret),
		]);
	}
}

/** PostgreSQL's own word for who comes by a Unix socket (`%h` in its log): there is no address. */
const LOCAL: Peer = { address: "[local]", loopback: true };

function peerOf(socket: Socket, local: boolean): Peer {
	if (local) return LOCAL;
	const address = socket.remoteAddress ?? "";
	return { address, loopback: isLoopback(address) };
}

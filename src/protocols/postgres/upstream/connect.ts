import type { Socket } from "node:net";
import {
	Backend,
	type BackendKey,
	decodeBackendKeyData,
	decodeParameterStatus,
	decodeReadyForQuery,
	encodeStartup,
	type TransactionStatus,
} from "../codec/index.ts";
import { Deadline, type Encryption, encryptionsOf, mayFallBack, withDeadline } from "./attempt.ts";
import { authenticate } from "./authenticate.ts";
import { asUpstreamError, UpstreamError } from "./errors.ts";
import { askOnce, refusal, StartupAnswers } from "./messages.ts";
import type { PostgresServer } from "./server.ts";
import { openSocket, secureSocket } from "./transport.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

export interface ConnectOptions {
	/** In place of the upstream's own database. */
	readonly database?: string;
	readonly applicationName?: string;
	/** Further settings for the StartupMessage: `client_encoding`, `options` ... */
	readonly startupParameters?: Readonly<Record<string, string>>;
	/** True: at start-up only what every pooler takes, the rest in `settingsLeft`. */
	readonly plain?: boolean;
	readonly signal?: AbortSignal;
	/** For everything from the name's resolution to ReadyForQuery. */
	readonly timeoutMs?: number;
}

/** A session on the target, after its first ReadyForQuery. */
export interface UpstreamSession {
	/** Paused; the TLS socket where TLS is on. */
	readonly socket: Socket;
	/** What the server reported at start-up (ParameterStatus). */
	readonly parameters: ReadonlyMap<string, string>;
	/** For `cancelUpstream`; null where the server gave none (a pooler may not). */
	readonly backendKey: BackendKey | null;
	readonly transactionStatus: TransactionStatus;
	readonly tls: boolean;
	/** Settings that a pooler did not take at start-up: for `giveSettings`, once it is known who gets them. */
	readonly settingsLeft: Readonly<Record<string, string>>;
	/** The server that it is on, its address included. */
	readonly server: PostgresServer;
}

/**
 * Opens a session with the gateway's own credentials, protocol 3.0, encrypted as libpq's sslmode would.
 * @throws UpstreamError; what `signal` was aborted with, when it was
 */
export async function connectServer(
	server: PostgresServer,
	options: ConnectOptions = {},
): Promise<UpstreamSession> {
	const deadline = new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
	if (options.plain === true) return await connectPlainly(server, options, deadline);
	const ways = encryptionsOf(server.tls, server.host);
	for (const [index, encryption] of ways.entries()) {
		try {
			return await tryConnect(server, options, encryption, deadline);
		} catch (error) {
			if (deadline.signal.aborted) throw deadline.error();
			if (refusesSettings(error) && !isPlain(options)) return await connectPlainly(server, options, deadline);
			if (index === ways.length - 1 || !(error instanceof UpstreamError) || !mayFallBack(error)) throw error;
		}
	}
	throw new UpstreamError("upstream_unreachable");
}

/** PgBouncer's words for a setting in the StartupMessage that it doesn't keep track of. */
function refusesSettings(error: unknown): boolean {
	return error instanceof UpstreamError && (error.operator ?? "").includes("unsupported startup parameter");
}

/** What every pooler takes at start-up. */
const PLAIN_SETTINGS = new Set([
	"client_encoding",
	"datestyle",
	"timezone",
	"standard_conforming_strings",
	"application_name",
]);

function isPlain({ startupParameters = {} }: ConnectOptions): boolean {
	return Object.keys(startupParameters).every((name) => PLAIN_SETTINGS.has(name.toLowerCase()));
}

/** Once more, without the settings that are not plain: they are left for later. */
async function connectPlainly(
	server: PostgresServer,
	options: ConnectOptions,
	deadline: Deadline,
): Promise<UpstreamSession> {
	const all = Object.entries(options.startupParameters ?? {});
	const plain = Object.fromEntries(all.filter(([name]) => PLAIN_SETTINGS.has(name.toLowerCase())));
	const settingsLeft = Object.fromEntries(all.filter(([name]) => !PLAIN_SETTINGS.has(name.toLowerCase())));
	const session = await connectServer(server, {
		...options,
		plain: false,
		startupParameters: plain,
		signal: deadline.signal,
	});
	return { ...session, settingsLeft };
}

/** Gives a session what its start-up could not. @throws UpstreamError */
export async function giveSettings({ socket, settingsLeft }: UpstreamSession): Promise<void> {
	const calls = Object.entries(settingsLeft).map(
		([name, value]) => `pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`,
	);
	if (calls.length > 0) await askOnce(socket, `SELECT ${calls.join(", ")}`);
}

/** In a form that means the same whatever `standard_conforming_strings` is. */
function literal(text: string): string {
	return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

async function tryConnect(
	server: PostgresServer,
	options: ConnectOptions,
	encryption: Encryption,
	deadline: Deadline,
): Promise<UpstreamSession> {
	const raw = await openSocket(server, deadline.signal);
	return await withDeadline(deadline, raw, async () => {
		try {
			const { socket, tls } = await secureSocket(raw, server, encryption);
			socket.write(encodeStartup(startupParameters(server, options)));
			const answers = new StartupAnswers(socket);
			await authenticate(socket, answers, server);
			const session = await readSession(answers);
			answers.end();
			return { socket, tls, server: addressed(server, raw), settingsLeft: {}, ...session };
		} catch (error) {
			raw.destroy();
			throw asUpstreamError(error);
		}
	});
}

/** A Unix socket has no address; its host says where it is. */
function addressed(server: PostgresServer, { remoteAddress }: Socket): PostgresServer {
	return remoteAddress === undefined ? server : { ...server, address: remoteAddress };
}

function startupParameters(server: PostgresServer, options: ConnectOptions): Record<string, string> {
	return {
		...options.startupParameters,
		user: server.user,
		database: options.database ?? server.database,
		...(options.applicationName === undefined ? {} : { application_name: options.applicationName }),
	};
}

async function readSession(
	answers: StartupAnswers,
): Promise<Omit<UpstreamSession, "socket" | "tls" | "server" | "settingsLeft">> {
	const parameters = new Map<string, string>();
	let backendKey: BackendKey | null = null;
	for (;;) {
		const message = await answers.next();
		switch (message[0]) {
			case Backend.ParameterStatus: {
				const { name, value } = decodeParameterStatus(message, 0, message.length);
				parameters.set(name, value);
				break;
			}
			case Backend.BackendKeyData:
				backendKey = decodeBackendKeyData(message, 0, message.length);
				break;
			case Backend.ReadyForQuery:
				return { parameters, backendKey, transactionStatus: decodeReadyForQuery(message, 0, message.length) };
			case Backend.ErrorResponse:
				throw refusal(message, false);
			default:
				throw new UpstreamError("upstream_protocol", { operator: `message ${message[0]} at start-up` });
		}
	}
}

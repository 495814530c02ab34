import type { PostgresUpstream, TargetSessionAttrs } from "../../../connections/index.ts";
import { describeThrown } from "../../../lib/index.ts";
import { type ConnectOptions, connectServer, type UpstreamSession } from "./connect.ts";
import { UpstreamError, type UpstreamErrorCode } from "./errors.ts";
import { askOnce } from "./messages.ts";
import { type PostgresServer, serverOf } from "./server.ts";

/** Of a server that is not there, or not yet, or no more. After any other failure libpq goes no further either. */
const NEXT_AFTER: ReadonlySet<UpstreamErrorCode> = new Set([
	"upstream_unreachable",
	"upstream_timeout",
	"upstream_closed",
]);
const CANNOT_CONNECT_NOW = "57P03";

/**
 * Opens a session on the first of an upstream's servers that can be reached and is what the connection's
 * `target_session_attrs` asks for, by libpq's rules: a server that refuses the credentials ends the search, one that
 * is down, starting or of the wrong kind does not; `prefer-standby` takes any when no standby is to be had.
 * @throws UpstreamError; what `signal` was aborted with, when it was
 */
export async function connectUpstream(
	upstream: PostgresUpstream,
	options: ConnectOptions = {},
): Promise<UpstreamSession> {
	const { targetSessionAttrs } = upstream;
	const rounds: readonly TargetSessionAttrs[] =
		targetSessionAttrs === "prefer-standby" ? ["standby", "any"] : [targetSessionAttrs];
	const failures: UpstreamError[] = [];
	for (const wanted of rounds) {
		for (const host of upstream.hosts) {
			const session = await tryHost(serverOf(upstream, host), upstream, wanted, options);
			if (!(session instanceof UpstreamError)) return session;
			failures.push(session);
		}
	}
	throw summary(failures);
}

/** A session on that server, or why the next one is to be tried. */
async function tryHost(
	server: PostgresServer,
	{ connectTimeoutMs }: PostgresUpstream,
	wanted: TargetSessionAttrs,
	options: ConnectOptions,
): Promise<UpstreamSession | UpstreamError> {
	let session: UpstreamSession | null = null;
	try {
		session = await connectServer(server, { timeoutMs: connectTimeoutMs, ...options });
		if (await isWanted(session, wanted, options)) return session;
		session.socket.destroy();
		const operator = `${server.host}:${server.port} is not what target_session_attrs=${wanted} asks for`;
		return new UpstreamError("upstream_unsuitable", { operator });
	} catch (error) {
		session?.socket.destroy();
		if (error instanceof UpstreamError && goesOn(error)) return error;
		throw error;
	}
}

function goesOn({ code, refusedWith }: UpstreamError): boolean {
	return NEXT_AFTER.has(code) || refusedWith === CANNOT_CONNECT_NOW;
}

async function isWanted(
	session: UpstreamSession,
	wanted: TargetSessionAttrs,
	{ startupParameters = {} }: ConnectOptions,
): Promise<boolean> {
	if (wanted === "any") return true;
	const { standby, readOnly } = await kindOf(session);
	// A client that asks for read-only transactions says nothing about the server.
	const onlyReads =
		standby || (readOnly && !Object.hasOwn(startupParameters, "default_transaction_read_only"));
	switch (wanted) {
		case "read-write":
			return !onlyReads;
		case "read-only":
			return onlyReads;
		case "primary":
			return !standby;
		case "standby":
		case "prefer-standby":
			return standby;
	}
}

/** Servers say so at start-up since version 14; poolers may not pass it on. */
async function kindOf({
	socket,
	parameters,
}: UpstreamSession): Promise<{ standby: boolean; readOnly: boolean }> {
	const standby = parameters.get("in_hot_standby");
	const readOnly = parameters.get("default_transaction_read_only");
	if (standby !== undefined && readOnly !== undefined)
		return { standby: standby === "on", readOnly: readOnly === "on" };
	const [asked = []] = await askOnce(socket, ASK_KIND);
	return { standby: asked[0] === "t", readOnly: asked[1] === "on" };
}

const ASK_KIND =
	"SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only')";

/** One failure as it is; of several the most telling one, with all of them for the operator. */
function summary(failures: readonly UpstreamError[]): UpstreamError {
	const [only] = failures;
	if (failures.length === 1 && only !== undefined) return only;
	const code = failures.some((failure) => failure.code === "upstream_unsuitable")
		? "upstream_unsuitable"
		: "upstream_unreachable";
	const operator = failures.map((failure) => failure.operator ?? describeThrown(failure)).join("; ");
	return new UpstreamError(code, { operator });
}

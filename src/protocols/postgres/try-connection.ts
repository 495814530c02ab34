import type { Connection } from "../../connections/index.ts";
import { connectUpstream, PoolerWatch } from "./upstream/index.ts";

/** Opens an upstream session and closes it again. Throws UpstreamError. */
export async function tryConnection(
	connection: Connection,
): Promise<{ serverVersion: string; tls: boolean }> {
	const { upstream } = connection;
	const session = await connectUpstream(upstream, { applicationName: "sallyport test" });
	try {
		await new PoolerWatch().confirm(session, upstream.database, upstream.pooler);
		return { serverVersion: session.parameters.get("server_version") ?? "", tls: session.tls };
	} finally {
		session.socket.destroy();
	}
}

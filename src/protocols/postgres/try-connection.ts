import type { Connection } from "../../connections/index.ts";
import { connectUpstream } from "./upstream/index.ts";

/** Opens an upstream session and closes it again. Throws UpstreamError. */
export async function tryConnection(
	connection: Connection,
): Promise<{ serverVersion: string; tls: boolean }> {
	const { socket, parameters, tls } = await connectUpstream(connection.upstream, {
		applicationName: "sallyport test",
	});
	socket.destroy();
	return { serverVersion: parameters.get("server_version") ?? "", tls };
}

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { RunningPostgres } from "../../../../support/postgres.ts";

export interface Capture {
	/** All bytes from client to server, and the other way. */
	readonly frontend: Buffer;
	readonly backend: Buffer;
}

/** Relays bytes between a client and a real server, unread, and keeps them: what both really said. */
export async function capture(
	server: RunningPostgres,
	drive: (port: number) => Promise<void>,
): Promise<Capture> {
	const frontend: Buffer[] = [];
	const backend: Buffer[] = [];
	const relay = createServer((client) => {
		const upstream = connect(server.port, server.host);
		client.on("data", (chunk: Buffer) => frontend.push(chunk));
		upstream.on("data", (chunk: Buffer) => backend.push(chunk));
		client.pipe(upstream).pipe(client);
		client.on("error", () => upstream.destroy());
		upstream.on("error", () => client.destroy());
	}).listen(0, "127.0.0.1");
	await once(relay, "listening");
	await drive((relay.address() as { port: number }).port);
	relay.close();
	await once(relay, "close");
	return { frontend: Buffer.concat(frontend), backend: Buffer.concat(backend) };
}

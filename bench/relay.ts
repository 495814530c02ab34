import { connect, createServer, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import {
	backendLimits,
	frontendLimits,
	MessageReader,
	OutputBatch,
	readExactly,
	startupLength,
} from "../src/protocols/postgres/codec/index.ts";

/**
 * The yardstick of the bench: one Node process that reads the header of every message in both directions and forwards
 * it, and does nothing else. What a gateway costs beyond this is its own.
 *
 * Start-up packets pass unread; SSLRequest is not answered here, so clients must use sslmode=disable.
 */
export function startRelay(
	upstream: { host: string; port: number },
	port: number,
): Promise<{ port: number; stop(): void }> {
	const server = createServer(
		{ noDelay: true, pauseOnConnect: true },
		(client) => void relay(client, upstream),
	);
	return new Promise((resolve) => {
		server.listen(port, "127.0.0.1", () => {
			const address = server.address();
			resolve({ port: typeof address === "object" ? (address?.port ?? 0) : 0, stop: () => server.close() });
		});
	});
}

async function relay(client: Socket, target: { host: string; port: number }): Promise<void> {
	const upstream = connect({ ...target, noDelay: true });
	client.on("error", () => upstream.destroy());
	upstream.on("error", () => client.destroy());
	client.on("close", () => upstream.destroy());
	upstream.on("close", () => client.destroy());
	try {
		const head = await readExactly(client, 4);
		upstream.write(head);
		upstream.write(await readExactly(client, (startupLength(head) ?? 4) - 4));
	} catch {
		client.destroy();
		return;
	}
	forward(client, upstream, new MessageReader(frontendLimits()));
	forward(upstream, client, new MessageReader(backendLimits()));
}

function forward(from: Socket, to: Socket, reader: MessageReader): void {
	const batch = new OutputBatch();
	from.on("data", (chunk: Buffer) => {
		reader.push(chunk);
		while (reader.next()) batch.add(reader.buffer, reader.start, reader.end);
		if (!batch.flush(to)) from.pause();
	});
	to.on("drain", () => from.resume());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const [host = "127.0.0.1", upstreamPort = "5432", port = "16432"] = process.argv.slice(2);
	const relaying = await startRelay({ host, port: Number(upstreamPort) }, Number(port));
	console.log(`relaying 127.0.0.1:${relaying.port} to ${host}:${upstreamPort}`);
}

import type { Socket } from "node:net";

/** The stream ended, failed or was destroyed before the bytes were there. */
export class StreamEnded extends Error {}

/**
 * Reads exactly `size` bytes of a socket that nobody else reads, and leaves all others in it: what the peer sent too
 * early can be seen there, and nothing has to be put back. For the few messages before a session; not for its traffic.
 * @throws StreamEnded
 */
export async function readExactly(socket: Socket, size: number): Promise<Buffer> {
	for (;;) {
		const bytes = socket.read(size) as Buffer | null;
		if (bytes !== null && bytes.length === size) return bytes;
		if (bytes !== null || socket.readableEnded || socket.destroyed) throw new StreamEnded();
		await moreBytes(socket);
	}
}

function moreBytes(socket: Socket): Promise<void> {
	return new Promise((resolve) => {
		const events = ["readable", "end", "close", "error"] as const;
		const done = (): void => {
			for (const event of events) socket.off(event, done);
			resolve();
		};
		for (const event of events) socket.on(event, done);
	});
}

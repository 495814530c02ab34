import type { Socket } from "node:net";

/** The stream ended, failed or was destroyed before the bytes were there. */
export class StreamEnded extends Error {}

/**
 * Reads exactly `size` bytes of a socket that nobody else reads, and leaves all others in it: what the peer sent too
 * early can be seen there, and nothing has to be put back. For the few messages before a session; not for its traffic.
 * @throws StreamEnded
 */
export function readExactly(socket: Socket, size: number): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		// Listening anew while a part is buffered would be told of that part at once, over and over: so listen once.
		const events = ["readable", "end", "close", "error"] as const;
		const settle = (act: () => void): void => {
			for (const event of events) socket.off(event, look);
			act();
		};
		const look = (): void => {
			const bytes = socket.read(size) as Buffer | null;
			if (bytes !== null && bytes.length === size) settle(() => resolve(bytes));
			else if (bytes !== null || socket.readableEnded || socket.destroyed)
				settle(() => reject(new StreamEnded()));
		};
		for (const event of events) socket.on(event, look);
		look();
	});
}

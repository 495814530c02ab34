import type { Socket } from "node:net";

/** The stream ended, failed or was destroyed before the bytes were there. */
export class StreamEnded extends Error {}

/**
 * Reads exactly `size` bytes of a socket that nobody else reads, and leaves all others in it: what the peer sent too
 * early can be seen there, and nothing has to be put back. For the few messages before a session; not for its traffic.
 * @throws StreamEnded
 */
export async function readExactly(socket: Socket, size: number): Promise<Buffer> {
	const bytes = await readWhen(socket, () => socket.read(size) as Buffer | null);
	if (bytes.length < size) throw new StreamEnded(); // at its end a stream gives what is left
	return bytes;
}

/** The same for whatever has come, one byte at least. @throws StreamEnded */
export function readSome(socket: Socket): Promise<Buffer> {
	return readWhen(socket, () => socket.read() as Buffer | null);
}

function readWhen(socket: Socket, read: () => Buffer | null): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		// Listening anew while a part is buffered would be told of that part at once, over and over: so listen once.
		const events = ["readable", "end", "close", "error"] as const;
		const settle = (act: () => void): void => {
			for (const event of events) socket.off(event, look);
			act();
		};
		const look = (): void => {
			const bytes = read();
			if (bytes !== null) settle(() => resolve(bytes));
			else if (socket.readableEnded || socket.destroyed) settle(() => reject(new StreamEnded()));
		};
		for (const event of events) socket.on(event, look);
		look();
	});
}

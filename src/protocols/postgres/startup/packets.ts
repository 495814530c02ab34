import type { Socket } from "node:net";
import {
	BodyReader,
	decodePassword,
	decodeStartupPacket,
	Frontend,
	frontendLimits,
	ProtocolError,
	type StartupPacket,
	startupLength,
} from "../codec/index.ts";

/** The client went away; there is nobody to tell. */
export class PeerGone extends Error {}

const PASSWORD_LIMIT = frontendLimits()[Frontend.Password] as number;

/**
 * Reads exactly `size` bytes and leaves all others in the socket, so that what a client sent too early can be seen
 * and nothing has to be put back.
 * @throws PeerGone when the stream ends before
 */
export async function readExactly(socket: Socket, size: number): Promise<Buffer> {
	for (;;) {
		const bytes = socket.read(size) as Buffer | null;
		if (bytes !== null && bytes.length === size) return bytes;
		if (bytes !== null || socket.readableEnded || socket.destroyed) throw new PeerGone();
		await moreBytes(socket);
	}
}

/** @throws ProtocolError, PeerGone */
export async function readStartupPacket(socket: Socket): Promise<StartupPacket> {
	const head = await readExactly(socket, 4);
	const length = startupLength(head) ?? 0;
	const rest = await readExactly(socket, length - 4);
	return decodeStartupPacket(Buffer.concat([head, rest]));
}

/** Reads a PasswordMessage. @throws ProtocolError, PeerGone */
export async function readPassword(socket: Socket): Promise<string> {
	const head = await readExactly(socket, 5);
	if (head[0] !== Frontend.Password) {
		throw new ProtocolError(
			"message_type_unknown",
			`expected password response, got message type ${head[0]}`,
		);
	}
	const length = new BodyReader(head, 1, 5, "Password").int32();
	if (length < 5) throw new ProtocolError("message_length_invalid", `invalid message length ${length}`);
	if (length > PASSWORD_LIMIT)
		throw new ProtocolError("message_too_large", "the token is longer than 16 KiB");
	const message = Buffer.concat([head, await readExactly(socket, length - 4)]);
	return decodePassword(message, 0, message.length);
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

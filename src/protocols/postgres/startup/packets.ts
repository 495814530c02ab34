import type { Socket } from "node:net";
import {
	BodyReader,
	decodePassword,
	decodeStartupPacket,
	Frontend,
	frontendLimits,
	ProtocolError,
	readExactly,
	type StartupPacket,
	startupLength,
} from "../codec/index.ts";

const PASSWORD_LIMIT = frontendLimits()[Frontend.Password] as number;

/** @throws ProtocolError, StreamEnded */
export async function readStartupPacket(socket: Socket): Promise<StartupPacket> {
	const head = await readExactly(socket, 4);
	const length = startupLength(head) ?? 0;
	const rest = await readExactly(socket, length - 4);
	return decodeStartupPacket(Buffer.concat([head, rest]));
}

/** Reads a PasswordMessage. @throws ProtocolError, StreamEnded */
export async function readPassword(socket: Socket): Promise<string> {
	const message = await readAuthentication(socket);
	return decodePassword(message, 0, message.length);
}

/** Reads a message of type `p` of whatever kind, whole. @throws ProtocolError, StreamEnded */
export async function readAuthentication(socket: Socket): Promise<Buffer> {
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
	return Buffer.concat([head, await readExactly(socket, length - 4)]);
}

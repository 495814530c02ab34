import { BodyReader } from "./body.ts";
import { ProtocolError } from "./errors.ts";

/** The server's MAX_STARTUP_PACKET_LENGTH. */
export const MAX_STARTUP_BYTES = 10_000;

const CODE_CANCEL = 80_877_102;
const CODE_SSL = 80_877_103;
const CODE_GSS = 80_877_104;
const MAX_CANCEL_KEY_BYTES = 256;

/** The first packets of a connection: they have a length but no type byte. */
export type StartupPacket =
	| {
			readonly type: "startup";
			readonly major: number;
			readonly minor: number;
			/** Names and values in the order sent; of a name that comes twice the last counts, as on the server. */
			readonly parameters: ReadonlyMap<string, string>;
	  }
	| { readonly type: "ssl_request" }
	| { readonly type: "gss_request" }
	| { readonly type: "cancel"; readonly processId: number; readonly secret: Buffer };

/**
 * The length that a start-up packet announces (the length field counts itself), or undefined while fewer than four
 * bytes are there.
 * @throws ProtocolError for a length that can't be one
 */
export function startupLength(bytes: Buffer): number | undefined {
	if (bytes.length < 4) return undefined;
	const length = bytes.readInt32BE(0);
	if (length < 8 || length > MAX_STARTUP_BYTES) {
		throw new ProtocolError("message_length_invalid", "invalid length of startup packet");
	}
	return length;
}

/**
 * @param packet exactly one packet, its length included
 * @throws ProtocolError
 */
export function decodeStartupPacket(packet: Buffer): StartupPacket {
	const body = new BodyReader(packet, 4, packet.length, "startup");
	const code = body.uint32();
	if (code === CODE_SSL || code === CODE_GSS) {
		body.finish();
		return { type: code === CODE_SSL ? "ssl_request" : "gss_request" };
	}
	if (code === CODE_CANCEL) {
		const processId = body.uint32();
		const size = body.left;
		if (size < 4 || size > MAX_CANCEL_KEY_BYTES) throw body.malformed("invalid length of cancel key");
		return { type: "cancel", processId, secret: Buffer.from(body.bytes(size)) };
	}
	return {
		type: "startup",
		major: code >>> 16,
		minor: code & 0xffff,
		parameters: readParameters(code, body),
	};
}

/** Other major versions may lay their packet out differently: nothing of it is read. */
function readParameters(code: number, body: BodyReader): ReadonlyMap<string, string> {
	const parameters = new Map<string, string>();
	if (code >>> 16 !== 3) return parameters;
	for (let name = body.string(); name !== ""; name = body.string()) {
		const value = body.string();
		parameters.set(name, value);
	}
	body.finish();
	return parameters;
}

/** Writes a StartupMessage of protocol 3.0. @throws RangeError when a text holds NUL: it would begin another setting */
export function encodeStartup(parameters: Readonly<Record<string, string>>): Buffer {
	const texts = Object.entries(parameters).flat();
	const body = Buffer.from(
		[...texts, "", ""].join("\0").slice(0, texts.length === 0 ? 1 : undefined),
		"utf8",
	);
	const packet = Buffer.allocUnsafe(8 + body.length);
	packet.writeInt32BE(packet.length, 0);
	packet.writeUInt32BE(3 << 16, 4);
	body.copy(packet, 8);
	return packet;
}

export function encodeSslRequest(): Buffer {
	const packet = Buffer.allocUnsafe(8);
	packet.writeInt32BE(8, 0);
	packet.writeUInt32BE(CODE_SSL, 4);
	return packet;
}

export function encodeCancelRequest(processId: number, secret: Buffer): Buffer {
	const packet = Buffer.allocUnsafe(12 + secret.length);
	packet.writeInt32BE(packet.length, 0);
	packet.writeUInt32BE(CODE_CANCEL, 4);
	packet.writeUInt32BE(processId, 8);
	secret.copy(packet, 12);
	return packet;
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	decodeParameterDescription,
	ProtocolError,
} from "../../../../../src/protocols/postgres/codec/index.ts";

/** As the server writes it: the count in 16 bits, whatever is left of it there. */
function parameterDescription(types: number, said = types % 65_536): Buffer {
	const message = Buffer.alloc(7 + types * 4);
	message.write("t");
	message.writeInt32BE(6 + types * 4, 1);
	message.writeUInt16BE(said, 5);
	for (let index = 0; index < types; index++) message.writeUInt32BE(23 + index, 7 + index * 4);
	return message;
}

describe("decodeParameterDescription", () => {
	it("takes as many types as there are, though their count says less", () => {
		for (const count of [0, 1, 65_535, 65_536, 65_537, 131_075]) {
			const message = parameterDescription(count);
			const types = decodeParameterDescription(message, 0, message.length);
			assert.equal(types.length, count);
			assert.equal(types.at(-1), count === 0 ? undefined : 22 + count);
		}
	});

	it("refuses a count that doesn't fit", () => {
		for (const message of [parameterDescription(3, 2), parameterDescription(3, 4)])
			assert.throws(() => decodeParameterDescription(message, 0, message.length), ProtocolError);
	});
});

import {
	encodeBind,
	encodeClose,
	encodeDescribe,
	encodeExecute,
	encodeParse,
	encodeQuery,
} from "../../src/protocols/postgres/codec/index.ts";

/** Short forms of what a client sends, for tests that send much of it. Parameters and results are texts. */
export {
	COPY_DONE,
	encodeCopyFail as copyFail,
	FLUSH,
	SYNC,
} from "../../src/protocols/postgres/codec/index.ts";

export const query = encodeQuery;

export const parse = (text: string, name = "", types: readonly number[] = []) =>
	encodeParse(name, text, types);

export const bind = (
	statement = "",
	portal = "",
	values: readonly (string | null)[] = [],
	resultFormats: readonly number[] = [],
) =>
	encodeBind({
		portal,
		statement,
		values: values.map((value) => (value === null ? null : Buffer.from(value))),
		resultFormats,
	});

export const execute = (portal = "", maxRows = 0) => encodeExecute(portal, maxRows);

export const describe = {
	statement: (name = "") => encodeDescribe("statement", name),
	portal: (name = "") => encodeDescribe("portal", name),
};

export const close = {
	statement: (name = "") => encodeClose("statement", name),
	portal: (name = "") => encodeClose("portal", name),
};

/** Parse, Bind and Execute of the unnamed statement; the caller adds the Sync. */
export const run = (text: string, values: readonly (string | null)[] = []): Buffer[] => [
	parse(text),
	bind("", "", values),
	execute(),
];

/** Any message: a type and its body. */
export function message(type: string, body: Uint8Array | string = ""): Buffer {
	const bytes = Buffer.from(body as Uint8Array);
	const header = Buffer.alloc(5);
	header.write(type, "latin1");
	header.writeUInt32BE(bytes.length + 4, 1);
	return Buffer.concat([header, bytes]);
}

export const copyData = (text: string) => message("d", text);

/** The fast path: arguments and result as texts unless `format` is 1. */
export function functionCall(
	oid: number,
	values: readonly (string | Uint8Array | null)[],
	format: 0 | 1 = 0,
): Buffer {
	const head = Buffer.alloc(10);
	head.writeUInt32BE(oid, 0);
	head.writeUInt16BE(1, 4); // one format for all
	head.writeUInt16BE(format, 6);
	head.writeUInt16BE(values.length, 8);
	const args = values.map((value) => {
		const bytes = value === null ? Buffer.alloc(0) : Buffer.from(value as Uint8Array);
		const length = Buffer.alloc(4);
		length.writeInt32BE(value === null ? -1 : bytes.length);
		return Buffer.concat([length, bytes]);
	});
	return message("F", Buffer.concat([head, ...args, Buffer.from([0, format])]));
}

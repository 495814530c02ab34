import {
	Backend,
	backendLimits,
	decodeBind,
	encodeBind,
	encodeCommandComplete,
	encodeDataRow,
	MessageReader,
	OutputBatch,
	Slab,
} from "../src/protocols/postgres/codec/index.ts";
import { cellsOf, RowMasker } from "../src/protocols/postgres/masking/index.ts";
import { columnMask } from "../test/support/masks.ts";

/** Framing, decoding and masking by themselves, without sockets: `node bench/codec.ts`. Medians of seven runs, CPU time. */
const ROWS = 100_000;
const row = encodeDataRow([
	Buffer.from("12345678"),
	Buffer.from("ada.lovelace@example.com"),
	Buffer.alloc(46, 0x78),
]);
const stream = Buffer.concat([...Array<Buffer>(ROWS).fill(row), encodeCommandComplete(`SELECT ${ROWS}`)]);
const chunks: Buffer[] = [];
for (let at = 0; at < stream.length; at += 65_536) chunks.push(Buffer.from(stream.subarray(at, at + 65_536)));
const sink = { cork() {}, uncork() {}, write: () => true, writableLength: 0 };
const field = { name: "c", tableOid: 0, column: 0, typeOid: 25, typeSize: -1, modifier: -1, format: 0 };
const KEY = Buffer.alloc(32, 1);

function median(run: () => void): number {
	const times: number[] = [];
	for (let round = 0; round < 7; round++) {
		const started = process.cpuUsage();
		run();
		const { user, system } = process.cpuUsage(started);
		times.push((user + system) / 1e6);
	}
	return times.sort((a, b) => a - b)[3] ?? 0;
}

function frame(extend: boolean, onRows?: (buffer: Buffer, start: number, end: number) => Buffer): void {
	const reader = new MessageReader(backendLimits());
	const batch = new OutputBatch();
	for (const chunk of chunks) {
		reader.push(chunk);
		while (reader.next()) {
			if (extend && reader.type === Backend.DataRow) reader.extend();
			if (onRows !== undefined && reader.type === Backend.DataRow)
				batch.add(onRows(reader.buffer, reader.start, reader.end));
			else batch.add(reader.buffer, reader.start, reader.end);
		}
		batch.flush(sink);
	}
}

function report(name: string, seconds: number, units: number, unit: string): void {
	const rate = (stream.length / seconds / 1e9).toFixed(2);
	console.log(
		`${name.padEnd(36)} ${((seconds / units) * 1e9).toFixed(0).padStart(6)} ns/${unit}  ${rate} GB/s`,
	);
}

console.log(`rows of ${row.length} bytes`);
report(
	"frame, one by one",
	median(() => frame(false)),
	ROWS,
	"row",
);
report(
	"frame, runs",
	median(() => frame(true)),
	ROWS,
	"row",
);
for (const transform of ["redact", "partial", "hash"] as const) {
	const masker = new RowMasker(
		cellsOf([field, field, field], [null, columnMask(transform), null], KEY, null),
	);
	const slab = new Slab();
	report(
		`frame and mask one column: ${transform}`,
		median(() =>
			frame(true, (b, s, e) => {
				const masked = masker.mask(b, s, e, slab);
				slab.release();
				return masked;
			}),
		),
		ROWS,
		"row",
	);
}
const bind = encodeBind({
	portal: "",
	statement: "by id",
	values: [Buffer.from("12345")],
	resultFormats: [1],
});
const seconds = median(() => {
	for (let index = 0; index < ROWS; index++) decodeBind(bind, 0, bind.length);
});
console.log(
	`${"decode Bind, one parameter".padEnd(36)} ${((seconds / ROWS) * 1e9).toFixed(0).padStart(6)} ns`,
);

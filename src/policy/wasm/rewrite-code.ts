import { ByteReader, ByteWriter, unsignedLeb } from "./leb128.ts";
import { I32, OP, skipImmediate } from "./opcodes.ts";
import { callHost, faultWhenNull, type Probes } from "./probes.ts";

/** What has to be known of a function to rewrite it. */
export interface FunctionFacts {
	readonly parameters: number;
	readonly isRule: boolean;
}

/** Rewrites the code section: each function by its index among those that the module defines. */
export function rewriteCode(
	body: Uint8Array,
	factsOf: (index: number) => FunctionFacts,
	probes: Probes,
): Uint8Array {
	const reader = new ByteReader(body);
	const writer = new ByteWriter(body.length * 2);
	const count = reader.unsigned();
	writer.unsigned(count);
	for (let index = 0; index < count; index++) {
		const rewritten = rewriteFunction(reader.range(reader.unsigned()), factsOf(index), probes);
		writer.unsigned(rewritten.length);
		writer.append(rewritten);
	}
	if (!reader.atEnd) throw new RangeError("bytes after the last function");
	return writer.bytes();
}

const SCRATCH_LOCALS = 3;

function rewriteFunction(reader: ByteReader, facts: FunctionFacts, probes: Probes): Uint8Array {
	const writer = new ByteWriter((reader.end - reader.offset) * 2 + 64);
	const groups = reader.unsigned();
	const groupsStart = reader.offset;
	let locals = facts.parameters;
	for (let left = groups; left > 0; left--) {
		locals += reader.unsigned();
		reader.byte();
	}
	// More locals, after all that are there, hold a builtin's result and operands while they are looked at.
	const [result, argument] = [locals, locals + 1];
	writer.unsigned(groups + 1);
	writer.append(reader.bytes.subarray(groupsStart, reader.offset));
	writer.append([SCRATCH_LOCALS, I32]);
	writer.append(probes.count);

	let copied = reader.offset;
	const insertAt = (offset: number, code: readonly number[]) => {
		writer.append(reader.bytes.subarray(copied, offset));
		writer.append(code);
		copied = offset;
	};
	while (!reader.atEnd) {
		const start = reader.offset;
		const opcode = reader.byte();
		if (opcode === OP.call) {
			const callee = reader.unsigned();
			if (!facts.isRule) continue;
			probes.called.add(callee);
			const replacement = probes.host.get(callee);
			if (replacement !== undefined) {
				insertAt(start, callHost(replacement, locals));
				copied = reader.offset;
				continue;
			}
			if (!probes.strict.has(callee)) continue;
			if (probes.lenient.has(callee)) insertAt(start, [OP.localTee, ...unsignedLeb(argument)]);
			insertAt(reader.offset, faultWhenNull(probes, callee, result, argument));
		} else {
			skipImmediate(reader, opcode);
			if (opcode === OP.loop) insertAt(reader.offset, probes.count);
		}
	}
	insertAt(reader.offset, []);
	return writer.bytes();
}

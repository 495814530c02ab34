import {
	bind,
	COPY_DONE,
	close,
	copyData,
	copyFail,
	describe,
	execute,
	FLUSH,
	functionCall,
	parse,
	query,
	SYNC,
} from "./wire-messages.ts";

/** Random numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export interface Sequence {
	readonly messages: readonly Buffer[];
	/** How many ReadyForQuery answer it, however it goes. */
	readonly ready: number;
	/** What it is, for whoever reads a failure. */
	readonly script: string;
}

export interface Words {
	/** Texts for Parse and Query. */
	readonly texts: readonly string[];
	/** Names of statements and portals. */
	readonly names: readonly string[];
}

/** int4pl, also with too few arguments and with one that is none; pg_backend_pid would differ; one that isn't there. */
const CALLS: readonly (readonly [oid: number, values: readonly string[]])[] = [
	[177, ["2", "3"]],
	[177, ["2"]],
	[177, ["2", "x"]],
	[4_000_000, []],
];

/**
 * A random sequence of messages, most of them in an order that makes sense and some in one that does not, that ends
 * with a Sync and the end of whatever block is open.
 */
export function randomSequence(seed: number, { texts, names }: Words): Sequence {
	const random = randomOf(seed);
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
	const messages: Buffer[] = [];
	const script: string[] = [];
	const add = (what: string, ...bytes: Buffer[]) => {
		script.push(what);
		messages.push(...bytes);
	};
	let ready = 0;
	const steps: readonly (() => void)[] = [
		() => {
			const [name, text] = [pick(names), pick(texts)];
			add(`Parse ${name}: ${text}`, parse(text, name));
		},
		() => {
			const [portal, statement] = [pick(names), pick(names)];
			const values = random() < 0.3 ? ["1"] : [];
			add(`Bind ${portal} <- ${statement} (${values})`, bind(statement, portal, values));
		},
		() => {
			const [portal, rows] = [pick(names), pick([0, 0, 1, 2])];
			add(`Execute ${portal} ${rows}`, execute(portal, rows));
		},
		() => {
			const [name, text] = [pick(names), pick(texts)];
			add(`Run ${name}: ${text}`, parse(text, name), bind(name, name), execute(name));
		},
		() => {
			const [name, text] = [pick(["", ""]), pick(texts)];
			add(
				`Run with Describe: ${text}`,
				parse(text, name),
				bind(name, name),
				describe.portal(name),
				execute(name),
			);
		},
		() => {
			const name = pick(names);
			if (random() < 0.5) add(`Describe statement ${name}`, describe.statement(name));
			else add(`Describe portal ${name}`, describe.portal(name));
		},
		() => {
			const name = pick(names);
			if (random() < 0.5) add(`Close statement ${name}`, close.statement(name));
			else add(`Close portal ${name}`, close.portal(name));
		},
		() => add("Flush", FLUSH),
		() => add("junk", pick([copyData("1\n"), COPY_DONE])),
		() => {
			const data = pick(["7\n", "7\n8\n", "x\n", ""]);
			const end = pick([COPY_DONE, COPY_DONE, copyFail("enough")]);
			add(`COPY ${data}`, parse("COPY t FROM STDIN"), bind(), execute(), copyData(data), end);
		},
	];
	const length = 3 + Math.floor(random() * 25);
	for (let count = 0; count < length; count++) {
		const dice = random();
		if (dice < 0.2) {
			add("Sync", SYNC);
			ready += 1;
		} else if (dice < 0.3) {
			// A Query that the server ignores, after an error, is answered by nothing: so a Sync goes before it.
			const text = pick(texts);
			add("Sync", SYNC);
			add(`Query ${text}`, query(text));
			ready += 2;
		} else if (dice < 0.34) {
			const [oid, values] = pick(CALLS);
			add("Sync", SYNC);
			add(`FunctionCall ${oid} (${values})`, functionCall(oid, values));
			ready += 2;
		} else pick(steps)();
	}
	add("Sync", SYNC);
	add("Query ROLLBACK", query("ROLLBACK"));
	return { messages, ready: ready + 2, script: script.join("\n") };
}

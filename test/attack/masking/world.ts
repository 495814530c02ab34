import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningGateway, startGateway, type TestPolicy } from "../../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../../support/postgres.ts";
import { type Received, type WireAddress, WireClient } from "../../support/wire-client.ts";

/** The two databases: alike in everything but the canaries, so that what differs in an answer tells a secret. */
export const SIDES = ["east", "west"] as const;
export type Side = (typeof SIDES)[number];

const SCHEMA = readFileSync(join(import.meta.dirname, "world.sql"), "utf8");
/** All rows anew, with what is made of them. */
const REFILL = [
	"TRUNCATE customers, orders, letters, shelf, people, members, events, tenants, ruled",
	...(SCHEMA.match(/^INSERT INTO [^;]*/gm) ?? []),
	"REFRESH MATERIALIZED VIEW mailing",
].join(";\n");
const CANARY = /@([a-z]+)([123])@/g;

/** Columns of `world.sql` that hold canaries. */
export const SECRET_COLUMNS = [
	...["email", "ssn", "born", "pay", "doc", "tags", "home", "key", "raw", "rank", "body", "flag"].map(
		(column) => `public.customers.${column}`,
	),
	...["public.letters.recipient", "public.people.email", "public.events.email", "public.tenants.secret"],
];

/** A real server with both databases, and a gateway that has a connection to each, called as its side. */
export interface World {
	readonly postgres: RunningPostgres;
	readonly gateway: RunningGateway;
	connect(side: Side, parameters?: Readonly<Record<string, string>>): Promise<WireClient>;
	direct(side: Side): Promise<WireClient>;
	stop(): Promise<void>;
}

export interface WorldOptions {
	/** Further lines of postgresql.conf. */
	readonly settings?: Readonly<Record<string, string>>;
	/**
	 * False for servers that know nothing of how their values are spread: both then plan alike.
	 */
	readonly analysed?: boolean;
}

export async function openWorld(
	version: 15 | 18,
	policy: TestPolicy,
	{ settings = {}, analysed = true }: WorldOptions = {},
): Promise<World> {
	const postgres = await startPostgres({
		version,
		settings: { max_prepared_transactions: "4", autovacuum: "off", ...settings },
	});
	const { host, port, user, password } = postgres;
	try {
		await postgres.query("CREATE DATABASE east");
		await fill(postgres, "east", SCHEMA);
		// A copy, so that even the objects' numbers are the same: values of row types name them.
		await postgres.query("CREATE DATABASE west TEMPLATE east");
		for (const side of SIDES) await fill(postgres, side, analysed ? `${REFILL};ANALYZE` : REFILL);
		const gateway = await startGateway({
			policy,
			upstream: { host, port, database: "east", user, password },
			config: {
				connections: SIDES.map((side) => ({
					name: side,
					type: "postgres",
					upstream: { host, port, database: side, user, password },
				})),
			},
		});
		const address = (side: Side): WireAddress => ({
			host: gateway.host,
			port: gateway.pgPort,
			user: "agent",
			database: side,
			password: gateway.tokens.agent,
		});
		return {
			postgres,
			gateway,
			connect: (side, parameters = {}) => WireClient.connect({ ...address(side), parameters }),
			direct: (side) => WireClient.connect({ host, port, user, password, database: side }),
			stop: async () => {
				await gateway.stop();
				await postgres.stop();
			},
		};
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}

async function fill(
	{ host, port, user, password }: RunningPostgres,
	side: Side,
	script: string,
): Promise<void> {
	const client = await WireClient.connect({ host, port, user, password, database: side });
	const text = script.replace(CANARY, (_, kind: string, row: string) => canary(side, kind, Number(row)));
	const failed = (await client.ask([queryMessage(text)])).find(({ type }) => type === "E");
	client.close();
	await client.end();
	if (failed !== undefined) throw new Error(failed.bytes.toString());
}

function queryMessage(text: string): Buffer {
	const header = Buffer.from("Q\0\0\0\0");
	const body = Buffer.from(`${text}\0`);
	header.writeUInt32BE(body.length + 4, 1);
	return Buffer.concat([header, body]);
}

/** Letters that no word, name or error of the server has in a row. */
function letters(seed: string, length: number): string {
	const digest = createHash("sha512").update(seed).digest();
	const alphabet = "qxjzvkwQXJZVKW0987";
	return Array.from({ length }, (_, index) => alphabet[(digest[index] ?? 0) % alphabet.length]).join("");
}

function digits(seed: string, length: number): string {
	const digest = createHash("sha512").update(`digits ${seed}`).digest();
	return Array.from({ length }, (_, index) => String(1 + ((digest[index] ?? 0) % 9))).join("");
}

/** One secret. Both sides have values of one length and form. */
export function canary(side: Side, kind: string, row: number): string {
	const seed = `${side} ${kind} ${row}`;
	const odd = side === "east" ? row % 2 === 1 : row % 2 === 0;
	switch (kind) {
		case "email":
			return `${side === "east" ? "b" : "w"}${letters(seed, 17)}@${letters(`${seed} domain`, 9)}.example`;
		case "ssn":
			return digits(seed, 18);
		case "born":
			return `${side === "east" ? 1911 + row : 1833 + row}-0${row}-1${side === "east" ? 1 : 7}`;
		case "pay":
			return `${digits(seed, 8)}.${digits(`${seed} cents`, 2)}`;
		case "key":
			return createHash("md5").update(seed).digest("hex");
		case "raw":
			return createHash("md5").update(`raw ${seed}`).digest("hex");
		case "rank":
			return odd ? "low" : "high";
		case "flag":
			return odd ? "true" : "false";
		default:
			return letters(seed, 16);
	}
}

/** The canaries that can be told from other bytes. */
const TOLD_APART = ["email", "ssn", "pay", "doc", "tag", "street", "key", "raw", "xml"] as const;
const WINDOW = 6;

/** Every 6 bytes in a row of a secret in any of the forms in which it could come out. */
function forms(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const upper = secret.toUpperCase();
	const lower = secret.toLowerCase();
	const plain = [secret, upper, lower].flatMap((text) => [text, [...text].reverse().join("")]);
	const hex = bytes.toString("hex");
	// Three alignments; the last characters of each depend on what follows.
	const base64 = [0, 1, 2].map((shift) =>
		Buffer.concat([Buffer.alloc(shift), bytes])
			.toString("base64")
			.slice(shift === 0 ? 0 : 4, -4),
	);
	return [...plain, hex, hex.toUpperCase(), ...base64];
}

/** Forms of other characters, of which only longer pieces say something: code points, a number in another base. */
function longForms(kind: string, secret: string): string[] {
	const points = [", ", ",", " "].map((between) => [...Buffer.from(secret)].join(between));
	if (kind !== "ssn") return points;
	const number = BigInt(secret);
	return [...points, ...[2, 8, 16, 32, 36].map((base) => number.toString(base))];
}
const LONG_WINDOW = 10;

function windowsOf(side: Side): Set<string> {
	const windows = new Set<string>();
	for (const kind of TOLD_APART) {
		for (const row of [1, 2, 3]) {
			const secret = canary(side, kind, row).replace(".example", "");
			for (const form of forms(secret)) {
				for (let at = 0; at + WINDOW <= form.length; at++) windows.add(form.slice(at, at + WINDOW));
			}
			for (const form of longForms(kind, secret)) {
				for (let at = 0; at + LONG_WINDOW <= form.length; at++) windows.add(form.slice(at, at + LONG_WINDOW));
			}
			if (kind === "key" || kind === "raw") {
				const bytes = Buffer.from(secret, "hex").toString("latin1");
				for (let at = 0; at + WINDOW <= bytes.length; at++) windows.add(bytes.slice(at, at + WINDOW));
			}
			if (kind === "ssn") {
				const binary = Buffer.alloc(8);
				binary.writeBigInt64BE(BigInt(secret));
				windows.add(binary.toString("latin1").slice(0, WINDOW)).add(binary.toString("latin1").slice(2));
			}
		}
	}
	for (const row of [1, 2, 3]) windows.add(canary(side, "born", row));
	return windows;
}

const WINDOWS: Readonly<Record<Side, ReadonlySet<string>>> = {
	east: windowsOf("east"),
	west: windowsOf("west"),
};

/** By the first two bytes: whether a window begins so. Nearly no place of an answer has to be looked at again. */
const BEGINNINGS: Readonly<Record<Side, Uint8Array>> = {
	east: beginningsOf(WINDOWS.east),
	west: beginningsOf(WINDOWS.west),
};

function beginningsOf(windows: ReadonlySet<string>): Uint8Array {
	const begins = new Uint8Array(1 << 16);
	for (const window of windows) begins[(window.charCodeAt(0) << 8) | window.charCodeAt(1)] = 1;
	return begins;
}

/** A piece of a canary among the bytes that came; undefined when there is none. */
export function leaked(side: Side, bytes: Buffer): string | undefined {
	const windows = WINDOWS[side];
	const begins = BEGINNINGS[side];
	let text: string | undefined;
	for (let at = 0; at + WINDOW <= bytes.length; at++) {
		if (begins[((bytes[at] as number) << 8) | (bytes[at + 1] as number)] === 0) continue;
		text ??= bytes.toString("latin1");
		if (windows.has(text.slice(at, at + WINDOW))) return text.slice(at, at + WINDOW);
		if (windows.has(text.slice(at, at + LONG_WINDOW))) return text.slice(at, at + LONG_WINDOW);
	}
	return undefined;
}

/**
 * An answer without what may differ and tells nothing: ids of decisions, OIDs, the order of rows (the planner's
 * statistics differ).
 */
export function comparable(messages: readonly Received[]): string {
	const lines = messages
		.filter(({ type }) => type !== "S")
		.map(({ type, bytes }) => {
			const told = type === "T" ? withoutOids(bytes) : withoutDecision({ type, bytes }).toString("latin1", 5);
			return `${type} ${told}`;
		});
	const isRow = (line: string): boolean => line.startsWith("D ");
	return [...lines.filter((line) => !isRow(line)), ...lines.filter(isRow).sort()].join("\n");
}

/** A message without the id of the decision that denied something. */
export function withoutDecision({ type, bytes }: Received): Buffer {
	return type === "E" || type === "N" ? withoutDecisionIds(bytes) : bytes;
}

/** Of many random ids one looks like a secret. */
export function withoutDecisionIds(bytes: Buffer): Buffer {
	return Buffer.from(bytes.toString("latin1").replace(/decision [0-9a-z]{26}\b/g, "decision ?"), "latin1");
}

/** RowDescription without the tables' OIDs. */
function withoutOids(bytes: Buffer): string {
	const copy = Buffer.from(bytes);
	let at = 7;
	for (let left = copy.readUInt16BE(5); left > 0; left--) {
		at = copy.indexOf(0, at) + 1;
		copy.writeUInt32BE(0, at);
		if (copy.readUInt32BE(at + 6) >= 16384) copy.writeUInt32BE(0, at + 6);
		at += 18;
	}
	return copy.subarray(5).toString("latin1");
}

import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Verification, type VerifyOptions, verifyRecord } from "../../../src/recording/index.ts";
import { files, recordDir } from "../../unit/recording/support.ts";

/** A copy of a record, for an attacker who can write its files but hasn't its key. */
export class Copy {
	readonly directory: string;
	readonly names: string[];
	readonly #publicKey: string;

	constructor(dataDir: string, publicKey: string) {
		this.directory = `${dataDir}/copy-${Math.random().toString(36).slice(2)}`;
		this.names = files(dataDir);
		this.#publicKey = publicKey;
		cpSync(recordDir(dataDir), this.directory, { recursive: true });
	}

	path(file = 0): string {
		return join(this.directory, this.names.at(file) ?? "");
	}

	read(file = 0): string[] {
		return readFileSync(this.path(file), "utf8").trimEnd().split("\n");
	}

	write(lines: readonly string[], file = 0): void {
		writeFileSync(this.path(file), lines.map((line) => `${line}\n`).join(""));
	}

	edit(change: (lines: string[]) => string[], file = 0): void {
		this.write(change(this.read(file)), file);
	}

	verify(options: VerifyOptions = {}): Promise<Verification> {
		return verifyRecord(this.directory, { publicKey: this.#publicKey, ...options });
	}
}

interface Line {
	seq: number;
	session: string | null;
	n: number | null;
	prev: string | null;
	chain: string;
	hash: string;
	signature?: string;
}

export function parse(line: string): Line & Record<string, unknown> {
	return JSON.parse(line) as Line & Record<string, unknown>;
}

/** A line whose hash fits again after a change; a signature stays what it was. */
export function rehash(event: Line & Record<string, unknown>): string {
	const { hash: _, signature, ...body } = event;
	const text = JSON.stringify(body).slice(0, -1);
	const hash = createHash("sha256").update(text).digest("hex");
	const end = signature === undefined ? "" : `,"signature":"${signature}"`;
	return `${text},"hash":"${hash}"${end}}`;
}

/** All that can be had without the key: sequences, both chains and all hashes, made anew from the first line on. */
export function rechain(lines: readonly string[]): string[] {
	const sessions = new Map<string, { n: number; hash: string }>();
	let head: { seq: number; hash: string } | undefined;
	return lines.map((line) => {
		const event = parse(line);
		if (head !== undefined) {
			event.seq = head.seq + 1;
			event.chain = head.hash;
		}
		const last = event.session === null ? undefined : sessions.get(event.session);
		if (last !== undefined) {
			event.n = last.n + 1;
			event.prev = last.hash;
		}
		const made = rehash(event);
		const { hash } = parse(made);
		head = { seq: event.seq, hash };
		if (event.session !== null) sessions.set(event.session, { n: event.n ?? 0, hash });
		return made;
	});
}

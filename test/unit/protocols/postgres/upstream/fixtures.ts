import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UpstreamTls } from "../../../../../src/connections/index.ts";
import { Secret } from "../../../../../src/lib/index.ts";
import {
	Backend,
	backendLimits,
	decodeDataRow,
	encodeQuery,
	MessageReader,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import {
	connectServer,
	type PostgresServer,
	UpstreamError,
	type UpstreamErrorCode,
	type UpstreamSession,
} from "../../../../../src/protocols/postgres/upstream/index.ts";

export interface Place {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly database: string;
	readonly password: string;
}

/** How the gateway would reach a test's server. */
export function upstreamOf(
	server: Place,
	changes: Partial<Omit<PostgresServer, "password">> & { password?: string | null; tls?: UpstreamTls } = {},
): PostgresServer {
	const { password = server.password, ...rest } = changes;
	return {
		host: server.host,
		port: server.port,
		user: server.user,
		database: server.database,
		tls: { mode: "disable" },
		...rest,
		password: password === null ? null : new Secret(password),
	};
}

/** Puts PEM texts into files for the length of a test. */
export function pemFiles(texts: Readonly<Record<string, string>>): {
	path(name: string): string;
	remove(): void;
} {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-pem-"));
	for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text);
	return {
		path: (name) => join(directory, name),
		remove: () => rmSync(directory, { recursive: true, force: true }),
	};
}

/** Connects, runs one query, closes; the first value of its first row. */
export async function ask(upstream: PostgresServer, sql: string): Promise<string | null> {
	const session = await connectServer(upstream);
	try {
		return await firstValue(session, sql);
	} finally {
		session.socket.destroy();
	}
}

export async function firstValue(session: UpstreamSession, sql: string): Promise<string | null> {
	session.socket.write(encodeQuery(sql));
	const reader = new MessageReader(backendLimits());
	let value: string | null = null;
	for await (const chunk of session.socket.iterator({ destroyOnReturn: false })) {
		reader.push(chunk as Buffer);
		while (reader.next()) {
			if (reader.type === Backend.DataRow) {
				value = decodeDataRow(reader.buffer, reader.start, reader.end)[0]?.toString("utf8") ?? null;
			}
			if (reader.type === Backend.ReadyForQuery) return value;
		}
	}
	return value;
}

/** The UpstreamError that a connection ends in; fails when it does not. */
export async function failure(upstream: PostgresServer, timeoutMs = 5_000): Promise<UpstreamError> {
	const error = await connectServer(upstream, { timeoutMs }).then(
		(session) => {
			session.socket.destroy();
			return undefined;
		},
		(thrown: unknown) => thrown,
	);
	assert.ok(error instanceof UpstreamError, `expected an UpstreamError, got ${String(error)}`);
	return error;
}

export async function fails(upstream: PostgresServer, code: UpstreamErrorCode): Promise<UpstreamError> {
	const error = await failure(upstream);
	assert.equal(error.code, code, `${error.operator}`);
	return error;
}

import { ConnectionContext } from "../../commands/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../../lib/index.ts";

/** A connection without its address and credentials: a viewer needs neither. */
export const ConnectionView = Closed({
	...ConnectionContext.properties,
	databases: Type.Array(Type.String()),
	/** Where clients reach it through the gateway. */
	endpoint: Closed({ host: Type.String(), port: Type.Integer(), tls: Type.Boolean() }),
});

export const ConnectionList = Closed({ connections: Type.Array(ConnectionView) });

/** What trying the upstream gave. */
export const ConnectionTrial = Closed({
	ok: Type.Boolean(),
	server_version: Nullable(Type.String()),
	encrypted: Nullable(Type.Boolean()),
	milliseconds: Type.Number(),
	error: Nullable(Closed({ code: Type.String(), message: Type.String(), remedy: Type.String() })),
});
export type ConnectionTrial = Static<typeof ConnectionTrial>;

/** How far a scan goes. */
export const ScanRequest = Closed({
	rows: Type.Integer({
		minimum: 1,
		maximum: 10_000,
		default: 500,
		description: "Rows of one table at most.",
	}),
	seconds: Type.Integer({ minimum: 1, maximum: 300, default: 30, description: "For all tables together." }),
});

const Counts = Type.Record(Type.String(), Type.Integer());

/** What a scan found: columns that suggest personal data, with counts and what is proposed for them. */
export const ConnectionScan = Closed({
	columns: Type.Array(
		Closed({
			schema: Type.String(),
			table: Type.String(),
			column: Type.String(),
			values: Type.Integer({ description: "Values that were looked at." }),
			found: Counts,
			whole: Counts,
			named: Nullable(Type.String({ description: "What the column's name suggests." })),
			proposal: Type.Union([
				Closed({
					way: Type.Literal("mask"),
					transform: StringEnum(["partial", "redact"]),
					keep: Type.Integer(),
				}),
				Closed({ way: Type.Literal("detect"), detectors: Type.Array(Type.String()) }),
			]),
		}),
	),
	tables: Type.Integer({ description: "Tables that were sampled." }),
	scanned: Type.Integer({ description: "Columns that were looked at." }),
	skipped: Type.Array(Closed({ schema: Type.String(), table: Type.String(), reason: Type.String() })),
});
export type ConnectionScan = Static<typeof ConnectionScan>;

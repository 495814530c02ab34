import { ConnectionContext } from "../../commands/index.ts";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";

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

import { PrincipalKind } from "../../identity/index.ts";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { Instant } from "./common.ts";

export const TokenView = Closed({
	id: Type.String(),
	subject: Type.String(),
	kind: PrincipalKind,
	groups: Type.Array(Type.String()),
	owners: Type.Array(Closed({ subject: Type.String(), provider: Type.String(), issuer: Type.String() })),
	created_at: Instant,
	expires_at: Instant,
	revoked_at: Nullable(Instant),
});
export type TokenView = Static<typeof TokenView>;

export const TokenList = Closed({ tokens: Type.Array(TokenView) });

export const TokenRequest = Closed({
	subject: Type.String({ minLength: 1, maxLength: 256 }),
	kind: PrincipalKind,
	groups: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 1_000 })),
	expires_in: Type.String({
		pattern: "^\\d+(\\.\\d+)?(s|m|h|d)$",
		description: "How long the token lives: `30m`, `8h`, `90d`; at most 366 days.",
	}),
});

export type TokenRequest = Static<typeof TokenRequest>;

export const NewToken = Closed({
	token: Type.String({ description: "The token itself. It is shown here once and kept nowhere." }),
	record: TokenView,
});

import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { Instant } from "./common.ts";

export const LockView = Closed({
	id: Type.String(),
	target: Type.String({
		description:
			"`user:PROVIDER/SUBJECT`, `group:PROVIDER/NAME` (a provider `*` is any) or `connection:NAME`.",
	}),
	message: Type.String({ description: "What those who are kept out are told." }),
	created_at: Instant,
	created_by: Type.String(),
	expires_at: Nullable(Instant),
});
export type LockView = Static<typeof LockView>;

export const LockList = Closed({ locks: Type.Array(LockView) });

export const LockRequest = Closed({
	target: Type.String({ minLength: 1, maxLength: 600 }),
	message: Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: "^[^\\p{Cc}]*$" })),
	expires_in: Type.Optional(
		Type.String({ description: "`30m`, `8h`, `7d`; without it until it is removed." }),
	),
});
export type LockRequest = Static<typeof LockRequest>;

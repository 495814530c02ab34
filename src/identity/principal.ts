import { Closed, Nullable, type Static, StringEnum, Type } from "../lib/index.ts";

export const PrincipalKind = StringEnum(["human", "agent", "service"]);

/** Who a principal acts for: the person behind an agent. */
export const Delegator = Closed({
	subject: Type.String(),
	provider: Type.String(),
	issuer: Type.String(),
});

/** The authenticated caller, as the policy sees it. `(issuer, subject)` is what makes two of them the same. */
export const Principal = Closed({
	subject: Type.String(),
	kind: PrincipalKind,
	provider: Type.String(),
	issuer: Type.String(),
	email: Nullable(Type.String()),
	groups: Type.Array(Type.String()),
	claims: Type.Record(Type.String(), Type.Unknown()),
	on_behalf_of: Nullable(Delegator),
});
export type Principal = Static<typeof Principal>;

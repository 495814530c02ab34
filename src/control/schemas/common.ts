import { Delegator, PrincipalKind } from "../../identity/index.ts";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";

/** The body of every answer that is not a success. */
export const Failure = Closed({
	code: Type.String({ description: "A code of docs/errors.md." }),
	message: Type.String(),
	remedy: Type.String(),
});
export type Failure = Static<typeof Failure>;

/** The failures that every guarded route can answer. */
export const guardedFailures = {
	400: Failure,
	401: Failure,
	403: Failure,
	404: Failure,
	409: Failure,
	413: Failure,
	415: Failure,
	500: Failure,
	502: Failure,
	503: Failure,
};

export const Instant = Type.String({ format: "date-time", description: "RFC 3339, in UTC." });

/** Who somebody is, without their claims: those are the policy's business, not the viewer's. */
export const PrincipalView = Closed({
	subject: Type.String(),
	kind: PrincipalKind,
	provider: Type.String(),
	issuer: Type.String(),
	email: Nullable(Type.String()),
	groups: Type.Array(Type.String()),
	on_behalf_of: Nullable(Delegator),
});
export type PrincipalView = Static<typeof PrincipalView>;

export const IdParameters = Closed({
	id: Type.String({ minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9._-]+$" }),
});

export const NameParameters = Closed({
	name: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }),
});

/** What a bundle is sent as. */
export const ARCHIVE_TYPES = [
	"application/gzip",
	"application/octet-stream",
	"application/vnd.openpolicyagent.bundles",
] as const;

/** An operation that answers nothing but that it was done. */
export const Done = Closed({ done: Type.Literal(true) });

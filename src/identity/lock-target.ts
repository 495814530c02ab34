import { IdentityError } from "./errors.ts";
import { groupProblem, subjectProblem } from "./names.ts";
import type { Principal } from "./principal.ts";
import { peopleBehind } from "./same-person.ts";

/** Whom or what a lock keeps out. A provider that is null is any. */
export type LockTarget =
	| { readonly kind: "user" | "group"; readonly provider: string | null; readonly name: string }
	| { readonly kind: "connection"; readonly name: string };

const TARGET = /^(?:(user|group):(\*|[^/*]+)\/(.+)|(connection):(.+))$/;

/** Reads `user:PROVIDER/SUBJECT`, `group:PROVIDER/NAME` or `connection:NAME`. Throws `lock_target_invalid`. */
export function readTarget(text: string): LockTarget {
	const [, kind, provider, name = "", , connection] = TARGET.exec(text) ?? [];
	if (kind === "user" || kind === "group") {
		const problem = kind === "user" ? subjectProblem(name) : groupProblem([name]);
		if (problem !== undefined) throw new IdentityError("lock_target_invalid", problem);
		return { kind, provider: provider === "*" ? null : (provider ?? null), name };
	}
	if (connection === undefined || subjectProblem(connection) !== undefined)
		throw new IdentityError("lock_target_invalid");
	return { kind: "connection", name: connection };
}

/**
 * Whether it keeps this principal out: a locked user whoever acts for them too, be it on their behalf or with a
 * token that they made.
 */
export function keepsOut(target: LockTarget, principal: Principal, connection: string | null): boolean {
	if (target.kind === "connection") return target.name === connection;
	const { provider, name } = target;
	if (target.kind === "group")
		return (provider === null || provider === principal.provider) && principal.groups.includes(name);
	return peopleBehind(principal).some(
		(person) => person.subject === name && (provider === null || provider === person.provider),
	);
}

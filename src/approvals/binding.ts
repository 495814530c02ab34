import { createHash } from "node:crypto";
import type { ApprovalRequirement } from "../commands/index.ts";
import type { Principal } from "../identity/index.ts";

/** A parameter as an approver sees it. Where `value` was too large to keep, its size and hash stand for it. */
export interface ShownParameter {
	readonly type: string;
	/** The target's text form; null for SQL's null and for what can't be shown. */
	readonly value: string | null;
	readonly null: boolean;
	readonly bytes: number;
	readonly sha256: string | null;
}

export interface ShownRelation {
	/** As the target writes it, with its schema. */
	readonly name: string;
	readonly access: readonly string[];
}

/** Everything that an approver is shown of a command; kept as it was, never shortened. */
export interface Shown {
	readonly text: string;
	/** Texts that stand elsewhere and that it runs: a prepared statement's, a cursor's. */
	readonly runs: readonly string[];
	readonly parameters: readonly ShownParameter[];
	/** The role on the target that it runs as. */
	readonly role: string;
	readonly effects: readonly string[];
	readonly relations: readonly ShownRelation[];
	/** What the client gave as its reason; empty when it gave none. */
	readonly reason: string;
}

/** What a grant is good for: exactly this command, as this principal, in this place. */
export interface Binding {
	/** `bindingHash` over all that makes another command of it. Without the session, so that a retry finds its grant. */
	readonly hash: string;
	readonly principal: Principal;
	readonly session: string;
	readonly connection: string;
	readonly shown: Shown;
}

/**
 * SHA-256, as hex, over parts of which each is preceded by its kind and length, so that no two lists of parts read
 * alike. For an approval: issuer and subject of the principal, connection (or session), the text's bytes, the
 * parameters' types, formats and bytes, role, search path, and the resolved objects with their definitions.
 */
export function bindingHash(parts: readonly (string | Uint8Array | null)[]): string {
	const hash = createHash("sha256").update("sallyport approval 1\n");
	for (const part of parts) {
		if (part === null) {
			hash.update("n");
			continue;
		}
		const bytes = typeof part === "string" ? Buffer.from(part) : part;
		hash.update(`${typeof part === "string" ? "s" : "b"}${bytes.byteLength}:`).update(bytes);
	}
	return hash.digest("hex");
}

/** Whether two requirements are the same element; every field counts, and the order of the approvers. */
export function sameRequirement(a: ApprovalRequirement, b: ApprovalRequirement): boolean {
	return requirementKey(a) === requirementKey(b);
}

function requirementKey({ rule, approvers, min, expires, scope }: ApprovalRequirement): string {
	return JSON.stringify([rule, approvers, min, expires, scope]);
}

/** Whether a command does nothing beyond what the approver of a session's grant was shown. */
export function staysWithin(command: Shown, shown: Shown): boolean {
	return (
		command.role === shown.role &&
		command.effects.every((effect) => shown.effects.includes(effect)) &&
		command.relations.every(({ name, access }) => {
			const known = shown.relations.filter((relation) => relation.name === name);
			return (
				known.length > 0 && access.every((kind) => known.some((relation) => relation.access.includes(kind)))
			);
		})
	);
}

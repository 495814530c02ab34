import type { Principal } from "./principal.ts";
import type { Person } from "./token-store.ts";

/**
 * The one claim that the gateway itself writes: for an API token, its id and its owners. A claim of this name in a
 * provider's token is dropped, so nobody else can write it.
 */
export const GATEWAY_CLAIM = "sallyport";

/** Who made the API token that this principal presented, and whoever stood behind them; none for others. */
export function ownersOf(principal: Principal): readonly Person[] {
	const own = principal.claims[GATEWAY_CLAIM] as { owners?: readonly Person[] } | undefined;
	return own?.owners ?? [];
}

/** Everybody who acts when this principal acts: itself, the one it acts for, the owners of its token. */
export function peopleBehind(principal: Principal): readonly Person[] {
	const { subject, provider, issuer, email, on_behalf_of } = principal;
	const people: Person[] = [{ subject, provider, issuer, email }, ...ownersOf(principal)];
	if (on_behalf_of !== null) people.push({ ...on_behalf_of, email: null });
	return people;
}

/**
 * Whether one person stands behind both: the same issuer and subject, on either side of `on_behalf_of` or as the
 * owner of the token. Accounts of different providers are linked by an equal e-mail address; two accounts that
 * share no address can't be told to be one person's here.
 */
export function samePerson(a: Principal, b: Principal): boolean {
	const others = peopleBehind(b);
	return peopleBehind(a).some((one) => others.some((other) => equal(one, other)));
}

function equal(a: Person, b: Person): boolean {
	if (a.issuer === b.issuer && a.subject === b.subject) return true;
	return a.email !== null && b.email !== null && fold(a.email) === fold(b.email);
}

function fold(email: string): string {
	return email.normalize("NFKC").toLowerCase();
}

import {
	type CryptoKey,
	createRemoteJWKSet,
	customFetch,
	type FlattenedJWSInput,
	type JWTHeaderParameters,
	type RemoteJWKSet,
} from "jose";
import { isTrustworthyUrl, type Log } from "../../lib/index.ts";
import { IdentityError } from "../errors.ts";
import { fetchJson } from "./fetch-json.ts";

/** A key that is taken out of the issuer's set is trusted no longer than this. */
const CACHE_MS = 5 * 60_000;
/**
 * A token with a key that the set doesn't hold makes us fetch the set again, so that a rotated key works at once;
 * but no sooner than this after the last fetch, or anybody could have us flood the issuer with invented key ids.
 */
const COOL_DOWN_MS = 2_000;
/** After a failed fetch the next is tried no sooner than this. */
const FAILURE_COOL_DOWN_MS = 1_000;

/** An issuer's public keys, fetched when they are first needed, from its `jwks_uri` or by its discovery document. */
export class IssuerKeys {
	readonly #issuer: string;
	readonly #configured: string | undefined;
	readonly #log: Log;
	#remote: Promise<RemoteJWKSet> | undefined;
	#failedAt = Number.NEGATIVE_INFINITY;

	/** Throws `identity_config_invalid` for an address that isn't https and isn't on this machine. */
	constructor(issuer: string, jwksUri: string | undefined, log: Log) {
		for (const url of jwksUri === undefined ? [issuer] : [issuer, jwksUri]) {
			if (!isTrustworthyUrl(url)) {
				const why = `${url} has to be https: whoever sits on the way could put keys of their own there.`;
				throw new IdentityError("identity_config_invalid", why);
			}
		}
		this.#issuer = issuer;
		this.#configured = jwksUri;
		this.#log = log;
	}

	/** The key that a token's header names. Throws `identity_provider_unavailable` and jose's errors. */
	readonly find = async (header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
		this.#remote ??= this.#locate();
		const remote = this.#remote;
		try {
			return await (await remote)(header, token);
		} catch (error) {
			if (this.#remote === remote && !(await isFresh(remote))) this.#remote = undefined;
			throw error;
		}
	};

	async #locate(): Promise<RemoteJWKSet> {
		const uri = this.#configured ?? (await this.#discover());
		return createRemoteJWKSet(new URL(uri), {
			cooldownDuration: COOL_DOWN_MS,
			cacheMaxAge: CACHE_MS,
			[customFetch]: async (url) => Response.json(await this.#fetch(url)),
		});
	}

	/** Throws `identity_provider_unavailable`, also where the document is another issuer's. */
	async #discover(): Promise<string> {
		const url = `${this.#issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`;
		const document = (await this.#fetch(url)) as { issuer?: unknown; jwks_uri?: unknown } | null;
		const uri = document?.jwks_uri;
		if (document?.issuer !== this.#issuer || typeof uri !== "string" || !isTrustworthyUrl(uri)) {
			throw new IdentityError("identity_provider_unavailable", undefined, {
				operator: `${url} does not name the issuer ${this.#issuer} and an https jwks_uri`,
			});
		}
		return uri;
	}

	async #fetch(url: string): Promise<unknown> {
		if (performance.now() < this.#failedAt + FAILURE_COOL_DOWN_MS) {
			throw new IdentityError("identity_provider_unavailable", undefined, {
				operator: `fetching from ${this.#issuer} failed less than a second ago`,
			});
		}
		try {
			return await fetchJson(url);
		} catch (error) {
			this.#failedAt = performance.now();
			this.#log.error({ issuer: this.#issuer, url, error }, "the issuer's keys could not be fetched");
			throw error;
		}
	}
}

/**
 * Whether a set still holds keys that are trusted; when not, the next token starts from the discovery document, since
 * where the keys are may have changed. A set that is fresh is kept though a fetch fails: else anybody could undo it
 * with an invented key id while the issuer is down.
 */
async function isFresh(remote: Promise<RemoteJWKSet>): Promise<boolean> {
	return remote.then(
		(set) => set.fresh,
		() => false,
	);
}

import { type Clock, isLoopback, type Log, systemClock } from "../lib/index.ts";
import { API_PROVIDER, ApiTokens } from "./api-tokens.ts";
import type { IdentityConfig } from "./config.ts";
import type { Credential, Identity, Peer } from "./credential.ts";
import { IdentityError } from "./errors.ts";
import { JwtProvider } from "./jwt/provider.ts";
import { issuerOf } from "./jwt/unverified.ts";
import { STATIC_PROVIDER, StaticTokens } from "./static-tokens.ts";
import type { TokenStore } from "./token-store.ts";

export const MAX_TOKEN_BYTES = 16 * 1024;

export interface AuthenticatorOptions {
	readonly config: Pick<IdentityConfig, "providers" | "static_tokens">;
	readonly tokens: TokenStore;
	/** The hosts that the listeners are bound to: static tokens need every one of them to be loopback. */
	readonly listenerHosts: readonly string[];
	readonly log: Log;
	readonly clock?: Clock;
}

/** Turns a token into an identity. Which kind it is decides which one check it gets; there is no second try. */
export class Authenticator {
	/** The tokens that the gateway issues itself. */
	readonly apiTokens: ApiTokens;
	readonly #static: StaticTokens;
	readonly #providers: ReadonlyMap<string, JwtProvider>;
	readonly #listeners = new Set<(credentialId: string) => void>();
	readonly #log: Log;
	readonly #clock: Clock;

	/** Throws `identity_config_invalid`, and what reading a secret throws. */
	constructor(options: AuthenticatorOptions) {
		const { config, listenerHosts, log, clock = systemClock } = options;
		if (config.static_tokens.length > 0) refuseStaticTokensBeyondLoopback(listenerHosts);
		this.#log = log;
		this.#clock = clock;
		this.#static = new StaticTokens(config.static_tokens);
		this.#providers = providersByIssuer(config, log, clock);
		this.apiTokens = new ApiTokens(options.tokens, clock, (id) => {
			for (const listener of this.#listeners) listener(id);
		});
	}

	/**
	 * Throws `IdentityError`. Its message may be shown to whoever presented the token; its `operator` says which
	 * check failed and is for the log.
	 */
	async authenticate(token: string, from: Peer): Promise<Identity> {
		try {
			return await this.#authenticate(token, from);
		} catch (error) {
			const { code, operator } =
				error instanceof IdentityError ? error : { code: "internal", operator: String(error) };
			this.#log.warn({ code, operator, address: from.address }, "a token was refused");
			throw error;
		}
	}

	/**
	 * Whether a credential that authenticated still holds: neither revoked nor expired. For whoever opens a session:
	 * what was revoked before the session was known to `onRevoked`'s listener would be missed otherwise.
	 */
	isCurrent({ id, kind, expiresAt }: Credential): boolean {
		if (expiresAt !== null && expiresAt <= this.#clock.now()) return false;
		return kind !== "api" || this.apiTokens.get(id)?.revokedAt === null;
	}

	/** Calls `listener` with the credential's id whenever one is revoked, so that its open sessions end. */
	onRevoked(listener: (credentialId: string) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	async #authenticate(token: string, from: Peer): Promise<Identity> {
		if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) throw new IdentityError("token_too_large");
		const fixed = this.#static.authenticate(token, from);
		if (fixed !== undefined) return fixed;
		if (ApiTokens.looksLike(token)) return this.apiTokens.authenticate(token);
		const issuer = issuerOf(token);
		const provider = this.#providers.get(issuer);
		if (provider === undefined) {
			throw new IdentityError("token_invalid", undefined, {
				operator: `no provider has the issuer ${issuer}`,
			});
		}
		return provider.authenticate(token);
	}
}

function refuseStaticTokensBeyondLoopback(hosts: readonly string[]): void {
	const open = hosts.find((host) => !isLoopback(host));
	if (open === undefined) return;
	throw new IdentityError(
		"identity_config_invalid",
		`identity.static_tokens can't be used with a listener on ${open}: they are for loopback only.`,
		{ remedy: "Bind every listener to 127.0.0.1, or use providers and API tokens." },
	);
}

/** One issuer, one provider: the token's `iss` picks it, so two of one issuer would be a choice of the caller's. */
function providersByIssuer(
	config: AuthenticatorOptions["config"],
	log: Log,
	clock: Clock,
): ReadonlyMap<string, JwtProvider> {
	const providers = new Map<string, JwtProvider>();
	const names = new Set<string>([STATIC_PROVIDER, API_PROVIDER]);
	for (const provider of config.providers) {
		if (names.has(provider.name)) {
			const why = `The provider name "${provider.name}" is taken or reserved.`;
			throw new IdentityError("identity_config_invalid", why);
		}
		if (providers.has(provider.issuer)) {
			const why = `Two providers have the issuer ${provider.issuer}.`;
			throw new IdentityError("identity_config_invalid", why);
		}
		names.add(provider.name);
		providers.set(provider.issuer, new JwtProvider(provider, log, clock));
	}
	return providers;
}

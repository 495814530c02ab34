import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";
import { serveHttp } from "./issuer.ts";

/** A real OpenID provider in this process, with one client that fetches JWT access tokens by its own credentials. */
export interface OidcProvider {
	readonly issuer: string;
	/** An access token for an audience, with these groups, from the token endpoint. */
	accessToken(audience: string, groups?: readonly string[]): Promise<string>;
	close(): Promise<void>;
}

const CLIENT = {
	client_id: "agent-7",
	client_secret: "the-client-secret",
	id_token_signed_response_alg: "ES256",
};

export async function startOidcProvider(): Promise<OidcProvider> {
	let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
	const { url, close } = await serveHttp((request, response) => void handle(request, response));
	let groups: readonly string[] = [];
	const provider = new Provider(url, {
		clients: [{ ...CLIENT, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
		jwks: { keys: [await privateKey()] },
		extraTokenClaims: () => ({ groups }),
		features: {
			devInteractions: { enabled: false },
			clientCredentials: { enabled: true },
			resourceIndicators: {
				enabled: true,
				getResourceServerInfo: (_context: unknown, audience: string) => ({
					scope: "",
					audience,
					accessTokenFormat: "jwt",
					jwt: { sign: { alg: "ES256" } },
				}),
			},
		},
	});
	handle = provider.callback();
	return {
		issuer: url,
		accessToken: async (audience, given = []) => {
			groups = given;
			const response = await fetch(`${url}/token`, {
				method: "POST",
				headers: {
					authorization: `Basic ${Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString("base64")}`,
				},
				body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
			});
			const answer = (await response.json()) as { access_token?: string };
			if (answer.access_token === undefined) throw new Error(`no access token: ${JSON.stringify(answer)}`);
			return answer.access_token;
		},
		close,
	};
}

async function privateKey(): Promise<JWK> {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	return { ...(await exportJWK(privateKey)), kid: "provider", alg: "ES256", use: "sig" };
}

import { readFileSync } from "node:fs";
import type { KeyConfig } from "../config.ts";
import { awsSigning } from "./aws-signing.ts";
import type { ServiceConfig } from "./config.ts";
import type { TlsMaterial } from "./exchange.ts";
import { azureToken, gcpToken } from "./machine-identity.ts";
import { oauth2 } from "./oauth2.ts";

/** A request that is about to be sent, as far as a credential may depend on it. */
export interface OutgoingRequest {
	readonly method: string;
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	readonly tls: TlsMaterial;
	readonly signal: AbortSignal;
}

/** Proves to a service who asks. Both are called anew for each request; what they throw ends it. */
export interface Credential {
	/** Headers that go with the request. */
	headers(request: OutgoingRequest): Promise<Readonly<Record<string, string>>>;
	/** What the connection is made with besides. */
	tls(): TlsMaterial;
}

const NO_HEADERS = async () => ({});
const NO_TLS = () => ({});

/** The service's one credential; without any, requests go as they are. */
export function credentialOf(
	{ credentials = {} }: ServiceConfig,
	keys: Readonly<Record<string, KeyConfig>>,
): Credential {
	const { bearer, oauth2: client, client_tls: certificate, s3_signing: aws } = credentials;
	const { gcp_metadata: gcp, azure_managed_identity: azure } = credentials;
	if (bearer !== undefined) return { headers: async () => bearerHeader(bearer), tls: NO_TLS };
	if (client !== undefined) return { headers: oauth2(client, keys), tls: NO_TLS };
	if (aws !== undefined) return { headers: awsSigning(aws), tls: NO_TLS };
	if (gcp !== undefined) return byToken((signal) => gcpToken(gcp, signal));
	if (azure !== undefined) return byToken((signal) => azureToken(azure, process.env, signal));
	if (certificate !== undefined) return { headers: NO_HEADERS, tls: clientCertificate(certificate) };
	return { headers: NO_HEADERS, tls: NO_TLS };
}

/** A token that is asked for with each request, as OPA does it: these services keep theirs themselves. */
function byToken(ask: (signal: AbortSignal) => Promise<string>): Credential {
	return { headers: async ({ signal }) => ({ authorization: `Bearer ${await ask(signal)}` }), tls: NO_TLS };
}

type Bearer = NonNullable<NonNullable<ServiceConfig["credentials"]>["bearer"]>;

function bearerHeader({ token, token_path: path, scheme }: Bearer): Readonly<Record<string, string>> {
	const text = path === undefined ? token?.reveal() : readFileSync(path, "utf8").trim();
	if (text === undefined || text === "") throw new Error("the token is empty");
	return { authorization: `${scheme} ${text}` };
}

type ClientTls = NonNullable<NonNullable<ServiceConfig["credentials"]>["client_tls"]>;

/** Certificate and key change together on disk, so both are read at one moment and kept together. */
function clientCertificate(config: ClientTls): () => TlsMaterial {
	let kept: TlsMaterial | undefined;
	let readAt = Number.NEGATIVE_INFINITY;
	return () => {
		const now = performance.now();
		if (kept === undefined || now - readAt >= config.cert_reread_interval_seconds * 1000) {
			kept = {
				cert: readFileSync(config.cert, "utf8"),
				key: readFileSync(config.private_key, "utf8"),
				...(config.private_key_passphrase === undefined
					? {}
					: { passphrase: config.private_key_passphrase.reveal() }),
			};
			readAt = now;
		}
		return kept;
	};
}

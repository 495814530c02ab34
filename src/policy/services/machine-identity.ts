import type { AzureConfig, GcpConfig } from "./config.ts";
import { exchange } from "./exchange.ts";

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 1 << 20;

const AZURE = "http://169.254.169.254/metadata/identity/oauth2/token";

type Environment = Readonly<Record<string, string | undefined>>;

/** The token of the service account that a machine of Google's runs as, from its metadata server. */
export async function gcpToken(config: GcpConfig, signal: AbortSignal): Promise<string> {
	const { endpoint, audience, scopes = [], access_token_path, identity_token_path } = config;
	const headers = { "metadata-flavor": "Google" };
	if (audience !== undefined) {
		const url = new URL(identity_token_path, endpoint);
		url.searchParams.set("audience", audience);
		return notEmpty((await fetched(url, headers, signal)).trim(), url);
	}
	const url = new URL(access_token_path, endpoint);
	url.searchParams.set("scopes", scopes.join(","));
	return accessToken(await fetched(url, headers, signal), url);
}

/** The token of the managed identity that a machine of Azure's, or an app service, runs as. */
export async function azureToken(
	config: AzureConfig,
	env: Environment,
	signal: AbortSignal,
): Promise<string> {
	const isAppService = config.endpoint === undefined && !!env["IDENTITY_ENDPOINT"];
	const url = new URL(config.endpoint ?? (env["IDENTITY_ENDPOINT"] || AZURE));
	url.searchParams.set("api-version", config.api_version ?? (isAppService ? "2019-08-01" : "2018-02-01"));
	url.searchParams.set("resource", config.resource);
	for (const name of ["object_id", "client_id", "mi_res_id"] as const) {
		const value = config[name];
		if (value !== undefined) url.searchParams.set(name, value);
	}
	const secret = env["IDENTITY_HEADER"];
	if (isAppService && !secret) throw new Error("IDENTITY_HEADER is not set in the gateway's environment");
	const headers: Record<string, string> =
		isAppService && secret ? { "x-identity-header": secret } : { metadata: "true" };
	return accessToken(await fetched(url, headers, signal), url);
}

async function fetched(
	url: URL,
	headers: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<string> {
	const bounds = { tls: {}, headerTimeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES, signal };
	const { status, body } = await exchange(url, { method: "GET", headers, ...bounds });
	if (status !== 200) throw new Error(`${url.origin}${url.pathname} answered with status ${status}`);
	return body.toString("utf8");
}

function accessToken(answer: string, url: URL): string {
	const { access_token: token } = JSON.parse(answer) as Record<string, unknown>;
	return notEmpty(typeof token === "string" ? token : "", url);
}

function notEmpty(token: string, url: URL): string {
	if (token === "" || /[^\x21-\x7e]/.test(token))
		throw new Error(`${url.origin}${url.pathname} answered without a token`);
	return token;
}

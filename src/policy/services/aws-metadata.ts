import { readFileSync } from "node:fs";
import { type AwsCredentials, type Environment, required } from "./aws-credentials.ts";
import type { S3SigningConfig } from "./config.ts";
import { exchange } from "./exchange.ts";

type MetadataConfig = NonNullable<S3SigningConfig["metadata_credentials"]>;

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 1 << 16;
/** Credentials that end sooner are asked for anew. */
const LEAST_LIFETIME_MS = 300_000;

const CONTAINERS = "http://169.254.170.2";
const INSTANCE = "http://169.254.169.254";
const ROLES = "/latest/meta-data/iam/security-credentials/";

/**
 * The credentials of the role that the machine runs as: from the container's endpoint where AWS names one in the
 * environment, else from the instance's metadata service, version 2. They are kept until shortly before their end.
 */
export function metadataCredentials(
	config: MetadataConfig,
	env: Environment,
): (signal: AbortSignal) => Promise<AwsCredentials> {
	let kept: { readonly credentials: AwsCredentials; readonly until: number } | undefined;
	return async (signal) => {
		if (kept !== undefined && kept.until - Date.now() >= LEAST_LIFETIME_MS) return kept.credentials;
		const region = config.aws_region ?? required(env, "AWS_REGION");
		const answer = JSON.parse((await ofContainer(env, signal)) ?? (await ofInstance(config, env, signal)));
		const {
			AccessKeyId: accessKey,
			SecretAccessKey: secretKey,
			Token: sessionToken,
			Expiration: end,
		} = answer;
		if (![accessKey, secretKey, sessionToken].every((each) => typeof each === "string" && each !== ""))
			throw new Error("the metadata service answered without credentials");
		kept = { credentials: { accessKey, secretKey, sessionToken, region }, until: Date.parse(end) || 0 };
		return kept.credentials;
	};
}

/** Undefined outside of containers. */
async function ofContainer(env: Environment, signal: AbortSignal): Promise<string | undefined> {
	const path = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
	const url = path ? `${CONTAINERS}${path}` : env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
	if (!url) return undefined;
	const file = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
	const token = file ? readFileSync(file, "utf8").trim() : env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
	return fetched("GET", url, token ? { authorization: token } : {}, signal);
}

async function ofInstance(config: MetadataConfig, env: Environment, signal: AbortSignal): Promise<string> {
	const base = env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] || INSTANCE;
	if (config.iam_role === undefined) throw new Error("outside of containers `iam_role` names the role");
	const lifetime = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
	const token = await fetched("PUT", new URL("/latest/api/token", base).href, lifetime, signal);
	const url = new URL(ROLES + encodeURIComponent(config.iam_role), base).href;
	return fetched("GET", url, { "x-aws-ec2-metadata-token": token }, signal);
}

async function fetched(
	method: "GET" | "PUT",
	url: string,
	headers: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<string> {
	const bounds = { tls: {}, headerTimeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES, signal };
	const { status, body } = await exchange(new URL(url), { method, headers, ...bounds });
	if (status !== 200) throw new Error(`${url} answered with status ${status}`);
	return body.toString("utf8");
}

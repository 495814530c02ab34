import { createHash, createHmac } from "node:crypto";
import { type AwsCredentials, environmentCredentials, profileCredentials } from "./aws-credentials.ts";
import { metadataCredentials } from "./aws-metadata.ts";
import type { S3SigningConfig } from "./config.ts";
import type { OutgoingRequest } from "./credentials.ts";

/**
 * Headers that may change on the way to AWS and are left out of the signature; those that Node adds by itself are not
 * known here either.
 */
const UNSIGNED = new Set(["authorization", "user-agent", "x-amzn-trace-id", "content-length", "connection"]);

/** Signs each request with the credentials of that moment (AWS Signature Version 4). */
export function awsSigning(config: S3SigningConfig) {
	const { metadata_credentials: metadata, profile_credentials: profile } = config;
	const ofMachine = metadata === undefined ? undefined : metadataCredentials(metadata, process.env);
	return async (request: OutgoingRequest): Promise<Readonly<Record<string, string>>> => {
		const credentials =
			ofMachine !== undefined
				? await ofMachine(request.signal)
				: profile !== undefined
					? profileCredentials(profile, process.env)
					: environmentCredentials(process.env);
		return signV4(request, config.service, credentials, new Date());
	};
}

/**
 * The headers that make a request a signed one. See AWS, Signature Version 4 signing process:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signV4(
	{ method, url, headers, body }: Pick<OutgoingRequest, "method" | "url" | "headers" | "body">,
	service: string,
	credentials: AwsCredentials,
	now: Date,
): Readonly<Record<string, string>> {
	const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
	const date = time.slice(0, 8);
	const payload = sha256(body);
	const added: Record<string, string> = {
		"x-amz-date": time,
		...(service === "s3" || service === "glacier" ? { "x-amz-content-sha256": payload } : {}),
		...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
	};
	const signed = new Map<string, string>([["host", url.host]]);
	for (const [name, value] of Object.entries({ ...headers, ...added })) {
		const lower = name.toLowerCase();
		if (!UNSIGNED.has(lower)) signed.set(lower, value.trim().replace(/ +/g, " "));
	}
	const names = [...signed.keys()].sort();
	const canonical = [
		method,
		url.pathname,
		canonicalQuery(url),
		...names.map((name) => `${name}:${signed.get(name)}`),
		"",
		names.join(";"),
		payload,
	].join("\n");
	const scope = `${date}/${credentials.region}/${service}/aws4_request`;
	const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
	const key = [date, credentials.region, service, "aws4_request"].reduce<Buffer | string>(
		hmac,
		`AWS4${credentials.secretKey}`,
	);
	const signature = hmac(key, text).toString("hex");
	const credential = `Credential=${credentials.accessKey}/${scope}`;
	return {
		...added,
		authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
	};
}

function canonicalQuery(url: URL): string {
	const encode = (text: string) =>
		encodeURIComponent(text).replace(
			/[!'()*]/g,
			(char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
		);
	return [...url.searchParams]
		.map(([name, value]) => `${encode(name)}=${encode(value)}`)
		.sort()
		.join("&");
}

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();

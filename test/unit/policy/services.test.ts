import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer as createPlainServer, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { importSPKI, jwtVerify } from "jose";
import { Secret } from "../../../src/lib/index.ts";
import type { KeyConfig, ServiceConfig } from "../../../src/policy/index.ts";
import { environmentCredentials, profileCredentials } from "../../../src/policy/services/aws-credentials.ts";
import { metadataCredentials } from "../../../src/policy/services/aws-metadata.ts";
import { signV4 } from "../../../src/policy/services/aws-signing.ts";
import { ServiceClient } from "../../../src/policy/services/client.ts";
import { ExchangeFailure } from "../../../src/policy/services/exchange.ts";
import { azureToken, gcpToken } from "../../../src/policy/services/machine-identity.ts";
import { makeAuthority } from "../../support/certificates.ts";
import { policyError, temporaryFolder } from "./support.ts";

const authority = makeAuthority();
const stranger = makeAuthority("Another CA");
const client = authority.issue({ commonName: "gateway-1" });
const assertion = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEYS: Record<string, KeyConfig> = {
	me: {
		algorithm: "RS256",
		private_key: new Secret(String(assertion.privateKey.export({ type: "pkcs8", format: "pem" }))),
	},
};

interface Asked {
	readonly url: string | undefined;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
	/** Of the client's certificate. */
	readonly peer: string | undefined;
}

const asked: Asked[] = [];
let expiresIn: number;
let tokenStatus: number;
let server: Server;
let folder: { path: string; remove: () => Promise<void> };
let url: string;
const file = (name: string, content: string) => {
	writeFileSync(join(folder.path, name), content);
	return join(folder.path, name);
};

before(async () => {
	folder = await temporaryFolder();
	const { cert, key } = authority.issue();
	server = createServer({ cert, key, ca: authority.ca, requestCert: true, rejectUnauthorized: false });
	server.on("request", (request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			const socket = request.socket as TLSSocket;
			const peer = socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined;
			asked.push({
				url: request.url,
				headers: request.headers,
				body: Buffer.concat(chunks).toString(),
				peer,
			});
			if (request.url !== "/token") response.end("ok");
			else {
				response.writeHead(tokenStatus, { "content-type": "application/json" });
				response.end(
					JSON.stringify({
						access_token: `token-${asked.length}`,
						token_type: "Bearer",
						expires_in: expiresIn,
					}),
				);
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	file("ca.pem", authority.ca);
	file("stranger.pem", stranger.ca);
	file("client.pem", client.cert);
	file("client.key", client.key);
});
after(async () => {
	server.closeAllConnections();
	server.close();
	await folder.remove();
});
beforeEach(() => {
	asked.length = 0;
	expiresIn = 3600;
	tokenStatus = 200;
});

const service = (fields: Partial<ServiceConfig>) =>
	new ServiceClient(
		{
			url: `${url}/base/`,
			response_header_timeout_seconds: 2,
			tls: { ca_cert: join(folder.path, "ca.pem"), system_ca_required: false },
			...fields,
		},
		KEYS,
	);
const get = (of: ServiceClient) =>
	of.send({ method: "GET", path: "/x", maxBytes: 1000, signal: new AbortController().signal });
type OAuth2 = NonNullable<NonNullable<ServiceConfig["credentials"]>["oauth2"]>;
const oauth2 = (fields: Partial<OAuth2>) =>
	service({
		credentials: {
			oauth2: {
				grant_type: "client_credentials",
				token_url: `${url}/token`,
				client_id: "gateway",
				include_jti_claim: false,
				client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
				...fields,
			},
		},
	});

test("a bearer token comes from the configuration or from a file that is read anew", async () => {
	await get(service({ credentials: { bearer: { token: new Secret("t1"), scheme: "Bearer" } } }));
	const path = file("token", "t2\n");
	const fromFile = service({ credentials: { bearer: { token_path: path, scheme: "Token" } } });
	await get(fromFile);
	file("token", "t3");
	await get(fromFile);
	file("token", "");
	await assert.rejects(get(fromFile), policyError("service_credentials", /empty/));
	assert.deepEqual(
		asked.map(({ headers }) => headers.authorization),
		["Bearer t1", "Token t2", "Token t3"],
	);
	assert.equal(asked[0]?.url, "/base/x");
});

test("an OAuth 2.0 client gets a token by its secret, keeps it, and renews it before its end", async () => {
	const withSecret = oauth2({
		client_secret: new Secret("s3cret"),
		scopes: ["a", "b"],
		additional_parameters: { audience: "bundles" },
		additional_headers: { "x-tenant": "eu" },
	});
	await get(withSecret);
	await get(withSecret);
	const [token, ...rest] = asked;
	assert.equal(token?.url, "/token");
	assert.equal(token?.headers.authorization, `Basic ${Buffer.from("gateway:s3cret").toString("base64")}`);
	assert.equal(token?.headers["x-tenant"], "eu");
	assert.deepEqual(Object.fromEntries(new URLSearchParams(token?.body)), {
		scope: "a b",
		audience: "bundles",
		grant_type: "client_credentials",
	});
	assert.deepEqual(
		rest.map(({ headers }) => headers.authorization),
		["Bearer token-1", "Bearer token-1"],
	);
	expiresIn = 5;
	asked.length = 0;
	const short = oauth2({ client_secret: new Secret("s3cret") });
	await get(short);
	await get(short);
	assert.equal(asked.filter((each) => each.url === "/token").length, 2);
	tokenStatus = 401;
	await assert.rejects(
		get(oauth2({ client_secret: new Secret("x") })),
		policyError("service_credentials", /401/),
	);
});

test("an OAuth 2.0 client proves itself by a JWT of its own, or by one that it was given", async () => {
	await get(
		oauth2({ signing_key: "me", include_jti_claim: true, additional_claims: { aud: "as", iss: "gateway" } }),
	);
	const fields = new URLSearchParams(asked[0]?.body);
	const key = await importSPKI(String(assertion.publicKey.export({ type: "spki", format: "pem" })), "RS256");
	const { payload } = await jwtVerify(fields.get("client_assertion") ?? "", key, {
		audience: "as",
		issuer: "gateway",
	});
	assert.ok(payload.jti !== undefined && payload.exp !== undefined);
	assert.equal(fields.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
	asked.length = 0;
	await get(oauth2({ client_assertion_path: file("assertion", "given\n") }));
	assert.equal(new URLSearchParams(asked[0]?.body).get("client_assertion"), "given");
	asked.length = 0;
	await get(oauth2({ grant_type: "jwt_bearer", signing_key: "me" }));
	assert.equal(
		new URLSearchParams(asked[0]?.body).get("grant_type"),
		"urn:ietf:params:oauth:grant-type:jwt-bearer",
	);
});

test("a client certificate is shown, and another one as soon as it is there", async () => {
	const certificate = {
		cert: join(folder.path, "client.pem"),
		private_key: join(folder.path, "client.key"),
		cert_reread_interval_seconds: 0,
	};
	const withCertificate = service({ credentials: { client_tls: certificate } });
	await get(withCertificate);
	const next = authority.issue({ commonName: "gateway-2" });
	file("client.pem", next.cert);
	file("client.key", next.key);
	await get(withCertificate);
	await get(service({}));
	assert.deepEqual(
		asked.map(({ peer }) => peer),
		["gateway-1", "gateway-2", undefined],
	);
	const missing = service({
		credentials: { client_tls: { ...certificate, cert: join(folder.path, "none") } },
	});
	await assert.rejects(get(missing), policyError("service_credentials", /none/));
});

test("a service is trusted by the authority that is named, and by no other", async () => {
	const failure = (kind: ExchangeFailure["kind"]) => (thrown: unknown) =>
		thrown instanceof ExchangeFailure && thrown.kind === kind;
	const wrong = { ca_cert: join(folder.path, "stranger.pem"), system_ca_required: true };
	await assert.rejects(get(service({ tls: wrong })), failure("unreachable"));
	await assert.rejects(get(service({ url: url.replace("https", "http") })), failure("unreachable"));
	assert.equal(asked.length, 0);
});

// The signatures are those of AWS's own documentation and test suite.
test("requests are signed as AWS's examples are", () => {
	const vanilla = signV4(
		{ method: "GET", url: new URL("https://example.amazonaws.com/"), headers: {}, body: Buffer.alloc(0) },
		"service",
		{
			accessKey: "AKIDEXAMPLE",
			secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
			region: "us-east-1",
			sessionToken: undefined,
		},
		new Date("2015-08-30T12:36:00Z"),
	);
	assert.match(
		vanilla["authorization"] ?? "",
		/SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31$/,
	);
	const object = signV4(
		{
			method: "GET",
			url: new URL("https://examplebucket.s3.amazonaws.com/test.txt"),
			headers: { Range: "bytes=0-9" },
			body: Buffer.alloc(0),
		},
		"s3",
		{
			accessKey: "AKIAIOSFODNN7EXAMPLE",
			secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
			region: "us-east-1",
			sessionToken: undefined,
		},
		new Date("2013-05-24T00:00:00Z"),
	);
	assert.match(
		object["authorization"] ?? "",
		/Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
	);
});

test("AWS credentials come from the environment or from a profile, and say what is missing", () => {
	const env = {
		AWS_ACCESS_KEY_ID: "id",
		AWS_SECRET_ACCESS_KEY: "secret",
		AWS_REGION: "eu-1",
		AWS_SESSION_TOKEN: "t",
	};
	assert.deepEqual(environmentCredentials(env), {
		accessKey: "id",
		secretKey: "secret",
		region: "eu-1",
		sessionToken: "t",
	});
	assert.throws(() => environmentCredentials({ ...env, AWS_REGION: "" }), /AWS_REGION/);
	const path = file(
		"credentials",
		"# c\n[default]\naws_access_key_id = one\naws_secret_access_key=s1\n\n[ work ]\r\naws_access_key_id=two\r\naws_secret_access_key = s=2\r\naws_session_token=t\r\n",
	);
	assert.deepEqual(profileCredentials({ path, aws_region: "r" }, {}), {
		accessKey: "one",
		secretKey: "s1",
		region: "r",
		sessionToken: undefined,
	});
	assert.deepEqual(
		profileCredentials({ profile: "work" }, { AWS_SHARED_CREDENTIALS_FILE: path, AWS_REGION: "e" }),
		{
			accessKey: "two",
			secretKey: "s=2",
			region: "e",
			sessionToken: "t",
		},
	);
	assert.throws(() => profileCredentials({ path, profile: "none", aws_region: "r" }, {}), /none/);
});

test("AWS credentials come from the container's endpoint or the instance's, kept until shortly before their end", async () => {
	const seen: string[] = [];
	let lifetime = 3_600_000;
	const plain = createPlainServer(({ method, url: path = "", headers }, response) => {
		const token = headers["x-aws-ec2-metadata-token"] ?? headers.authorization ?? "";
		seen.push(`${method} ${path} ${token}`.trim());
		if (method === "PUT" && headers["x-aws-ec2-metadata-token-ttl-seconds"] === "60") response.end("session");
		else if (token !== "session" && token !== "pod") response.writeHead(401).end();
		else {
			const end = new Date(Date.now() + lifetime).toISOString();
			const keys = { AccessKeyId: `id${seen.length}`, SecretAccessKey: "s", Token: "t", Expiration: end };
			response.end(JSON.stringify({ Code: "Success", ...keys }));
		}
	});
	await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
	const base = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
	const { signal } = new AbortController();
	try {
		const env = { AWS_REGION: "eu-1", AWS_EC2_METADATA_SERVICE_ENDPOINT: base };
		const instance = metadataCredentials({ iam_role: "gate way" }, env);
		const first = { accessKey: "id2", secretKey: "s", sessionToken: "t", region: "eu-1" };
		assert.deepEqual(await instance(signal), first);
		assert.deepEqual(await instance(signal), first, "kept");
		assert.deepEqual(seen.splice(0), [
			"PUT /latest/api/token",
			"GET /latest/meta-data/iam/security-credentials/gate%20way session",
		]);
		const uri = { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${base}/role` };
		await assert.rejects(metadataCredentials({}, uri)(signal), /status 401/);
		lifetime = 200_000;
		const container = metadataCredentials(
			{ aws_region: "us-1" },
			{ ...uri, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file("pod", "pod\n") },
		);
		assert.equal((await container(signal)).region, "us-1");
		assert.equal((await container(signal)).accessKey, "id3", "asked for anew: it ends too soon");
		await assert.rejects(metadataCredentials({}, env)(signal), /iam_role/);
	} finally {
		plain.closeAllConnections();
		plain.close();
	}
});

test("tokens of whom a machine runs as come from Google's and Azure's metadata services", async () => {
	const plain = createPlainServer(({ url: path = "", headers }, response) => {
		const { "metadata-flavor": flavor, metadata, "x-identity-header": secret } = headers;
		if (path.startsWith("/none")) response.end("{}");
		else if (flavor === "Google" && path.includes("/identity?")) response.end(`id:${path.split("?")[1]}\n`);
		else if (flavor === "Google" || metadata === "true" || secret === "s")
			response.end(JSON.stringify({ access_token: path, token_type: "Bearer", expires_in: "3600" }));
		else response.writeHead(403).end();
	});
	await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
	const endpoint = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
	const { signal } = new AbortController();
	const gcp = { endpoint, access_token_path: "/token", identity_token_path: "/identity" };
	const azure = { resource: "https://storage.azure.com/" };
	const storage = "resource=https%3A%2F%2Fstorage.azure.com%2F";
	try {
		assert.equal(await gcpToken({ ...gcp, audience: "a b" }, signal), "id:audience=a+b");
		assert.equal(await gcpToken({ ...gcp, scopes: ["s1", "s2"] }, signal), "/token?scopes=s1%2Cs2");
		await assert.rejects(
			gcpToken({ ...gcp, access_token_path: "/none", scopes: ["s"] }, signal),
			/without a token/,
		);
		assert.equal(
			await azureToken({ ...azure, endpoint, client_id: "c" }, {}, signal),
			`/?api-version=2018-02-01&${storage}&client_id=c`,
		);
		const env = { IDENTITY_ENDPOINT: `${endpoint}/app`, IDENTITY_HEADER: "s" };
		assert.equal(await azureToken(azure, env, signal), `/app?api-version=2019-08-01&${storage}`);
		await assert.rejects(azureToken(azure, { ...env, IDENTITY_HEADER: "x" }, signal), /status 403/);
		await get(service({ credentials: { gcp_metadata: { ...gcp, audience: "x" } } }));
	} finally {
		plain.closeAllConnections();
		plain.close();
	}
	assert.equal(asked.at(-1)?.headers.authorization, "Bearer id:audience=x");
});

import type { Schema } from "../../src/config/index.ts";

const HEAD = `# Configuration: \`sallyport.yaml\`

\`sallyport serve -c FILE\` runs a gateway by one file. \`sallyport config check -c FILE\` names every mistake in it with
line, column and remedy, and \`sallyport config schema\` prints its JSON Schema for editors.

- Unknown keys are errors. What is planned and not in this release is refused by name.
- Relative paths are relative to the file.
- A secret is \`{ env: NAME }\` or \`{ file: PATH }\`; a file is read at each use, so a rotated one is taken up at once. A
  secret that is written out is refused unless every listener is on loopback.
- A duration is written \`250ms\`, \`30s\`, \`15m\`, \`8h\` or \`7d\`.
- A listener that is not on loopback needs \`tls\`: a client's token is its password.
- With \`listeners.postgres.path\` there is a Unix socket besides: \`psql -h DIRECTORY -p PORT\`. Who comes by it is on
  this machine, so that a token is taken without TLS, a static one too, and a policy sees \`[local]\` as the client's
  address. Which of the system's users it is, the gateway doesn't know: who may connect is said by \`permissions\` and by
  the directory, which only the gateway's own user should be able to write to.
- A PostgreSQL server asks for one kind of authentication before it knows what the client can do, so the gateway tells
  by the user's name, which says nothing else here: with \`listeners.postgres.oauth\` the users that it lists are asked
  for their token by OAUTHBEARER (libpq 18: \`user=oauth oauth_issuer=... oauth_client_id=...\`), all others for a
  password. The token is checked as one that comes as a password is, under the same condition: TLS, or this machine.
  Clients that bring none, or one that isn't taken, are led to the provider's discovery document.
- With \`upstream.hosts\` a session goes to the first server that can be reached and is what \`target_session_attrs\`
  asks for, by libpq's rules (\`read-write\`: no standby, and transactions write by default). It stays there: when the
  server dies the session ends with its error, and the client connects again. Cancels and the gateway's own look at the
  catalog go to the very server that a session is on. A host name with several addresses counts as one host.
- A pooler before the server has to give each session a server process of its own: PgBouncer with
  \`pool_mode = session\`. Where one stands there the gateway sees it by the session's key, tries it with two connections
  of its own before the first session and every minute, and refuses sessions when it takes processes away between
  transactions (\`pool_mode = transaction\` or \`statement\`), because whatever they set there would be another's. It
  can't see a pooler that passes on the server's own keys; when a session's process is another one the next time that
  its settings are read, the session ends. Behind a pooler no isolation level can be set in a transaction after
  \`SET LOCAL\` of a search path or role: what the gateway reads there takes a snapshot. Give the pool room for three
  connections more than there are sessions, and PgBouncer's \`max_client_conn\` as well.
- With \`upstream.pooler: transaction\` such a pooler is taken as it is: each transaction begins with the session's own
  role, search path and settings (\`SET LOCAL\`, sent ahead in the same write), whatever others left on the process.
  Refused is what would outlive the transaction or see what others left: \`SET\` without \`LOCAL\`, named prepared
  statements, \`PREPARE\`, \`LISTEN\`, temporary objects, cursors \`WITH HOLD\`, a search path that does not end in
  \`pg_temp\`, \`AND CHAIN\`, \`CALL\` and \`DO\` outside a block, \`VACUUM\` and the like; and a gateway's role that is a
  superuser. A function that sets the search path otherwise ends the session.
- A PgBouncer in front of the gateway works in session mode too: the token is
  the \`password\` of its server, and everybody who comes through it is one principal.
- SIGHUP reads \`connections\` anew; everything else is read at the start.

\`\`\`yaml
data_dir: ./.sallyport
listeners:
  control:  { address: 127.0.0.1:8080 }
  postgres: { address: 127.0.0.1:15432 }
identity:
  providers:
    - { name: ci, type: jwt, issuer: "https://ci.example", audience: sallyport, kind: agent }
connections:
  - name: orders
    type: postgres
    labels: { env: prod, team: payments }
    upstream: { host: 127.0.0.1, port: 5432, database: orders, user: app, password: { env: ORDERS_PASSWORD } }
services:
  policies: { url: "https://bundles.example", credentials: { bearer: { token: { env: BUNDLE_TOKEN } } } }
bundles:
  main: { service: policies, resource: bundles/main, persist: true, signing: { keyid: release } }
keys:
  release: { algorithm: RS256, key: { file: release.pub } }
\`\`\`

A gateway is also a bundle server (\`PUT\` and \`GET /bundles/NAME\`), and with no connections it is nothing else:
[operations.md](operations.md) has more. It can't fetch its own first policy from itself:
without a policy it answers nobody. Let it read the file instead, and put the first one there by hand:

\`\`\`sh
mkdir -p .sallyport/shelf/main && sallyport bundle build policy -o .sallyport/shelf/main/current.tar.gz
\`\`\`

\`\`\`yaml
bundles:
  main: { resource: "file://.sallyport/shelf/main/current.tar.gz" }
\`\`\`

From then on \`sallyport bundle push main FILE\`, which the policy decides about, replaces it.

This page is written by \`node tools/generate-docs.ts\` from the schema; a test holds it to it.
`;

/** The whole of `docs/configuration.md`. */
export function configurationPage(schema: Schema): string {
	const sections = Object.entries(schema.properties ?? {}).map(([name, section]) => {
		const rows = keysOf(name, section, isRequired(schema, name));
		return [
			`## \`${name}\``,
			"",
			"| key | value | default | meaning |",
			"| --- | --- | --- | --- |",
			...rows,
			"",
		].join("\n");
	});
	const later = schema["x-later"] ?? [];
	const absent = `Not in this release: ${later.map((name) => `\`${name}\``).join(", ")}.\n`;
	return [HEAD, ...(later.length === 0 ? [] : [absent]), ...sections].join("\n");
}

/** A row for the key and one for each beneath it. A list's elements stand under `KEY[]`, a free key as `NAME`. */
function keysOf(path: string, schema: Schema, required: boolean): string[] {
	const form = schema["x-form"];
	const row = `| \`${path}\` | ${writtenAs(schema)} | ${defaultOf(schema, required)} | ${meaningOf(schema)} |`;
	if (form !== undefined) return [row];
	if (schema.type === "array" && schema.items !== undefined)
		return [row, ...keysBeneath(`${path}[]`, schema.items)];
	return [row, ...keysBeneath(path, schema)];
}

function keysBeneath(path: string, schema: Schema): string[] {
	const rows = Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
		keysOf(`${path}.${key}`, property, isRequired(schema, key)),
	);
	const free = schema.additionalProperties;
	if (typeof free !== "object") return rows;
	return [...rows, ...(free.type === "object" ? keysBeneath(`${path}.NAME`, free) : [])];
}

function isRequired(schema: Schema, key: string): boolean {
	return schema.required?.includes(key) === true && schema.properties?.[key]?.default === undefined;
}

const FORMS: Readonly<Record<string, string>> = {
	secret: "secret",
	file: "path of a file",
	directory: "path of a directory",
	duration: "duration",
	"duration-or-word": "`credential` or a duration",
};

const TYPES: Readonly<Record<string, string>> = {
	object: "map",
	array: "list",
	string: "text",
	boolean: "true or false",
};

function writtenAs(schema: Schema): string {
	const form = schema["x-form"];
	if (form !== undefined) return FORMS[form] ?? form;
	if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
	const { type = "text", minimum, maximum } = schema;
	if (type === "integer" || type === "number") {
		const range = [
			minimum === undefined ? "" : `from ${minimum}`,
			maximum === undefined ? "" : `to ${maximum}`,
		];
		return [type === "integer" ? "whole number" : "number", ...range].filter((part) => part !== "").join(" ");
	}
	return TYPES[type] ?? type;
}

function defaultOf(schema: Schema, required: boolean): string {
	if (required) return "required";
	const { default: standard } = schema;
	if (standard === undefined || standard === null) return "-";
	if (typeof standard === "object") return Array.isArray(standard) ? "none" : "as below";
	return `\`${String(standard)}\``;
}

function meaningOf(schema: Schema): string {
	const later = schema["x-later"];
	const absent =
		later === undefined ? "" : ` Not in this release: ${later.map((name) => `\`${name}\``).join(", ")}.`;
	return `${schema.description ?? ""}${absent}`.trim().replaceAll("|", "\\|");
}

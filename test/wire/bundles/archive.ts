import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { extract, type Header, pack } from "tar-stream";

export type Entry = readonly [Partial<Header> & { name: string }, Buffer | string];

/** A tarball of entries as they are given, in their order. */
export async function tar(entries: readonly Entry[]): Promise<Buffer> {
	const packer = pack();
	for (const [header, content] of entries) {
		if (header.type === "symlink" || header.type === "link") packer.entry(header);
		else packer.entry(header, content);
	}
	packer.finalize();
	const chunks: Buffer[] = [];
	for await (const chunk of packer) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

export const targz = async (entries: readonly Entry[]): Promise<Buffer> => gzipSync(await tar(entries));

/** The files of a tarball; JSON is written as its digest is of: keys in order, without spaces. */
export async function unpacked(archive: Buffer): Promise<Entry[]> {
	const extractor = extract();
	extractor.end(gunzipSync(archive));
	const entries: Entry[] = [];
	for await (const entry of extractor) {
		const chunks: Buffer[] = [];
		for await (const chunk of entry) chunks.push(chunk as Buffer);
		const content = Buffer.concat(chunks);
		const isJson = /(^|\/)(data\.json|\.manifest)$/.test(entry.header.name);
		const name = entry.header.name.replace(/^\//, "");
		entries.push([{ name }, isJson ? sorted(JSON.parse(content.toString())) : content]);
	}
	return entries;
}

export function sorted(value: unknown): string {
	return JSON.stringify(value, (_key, each) =>
		typeof each === "object" && each !== null && !Array.isArray(each)
			? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
			: each,
	);
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = (key: KeyObject) => String(key.export({ type: "spki", format: "pem" }));
export const SHARED_SECRET = "correct horse battery staple";

/** The same keys for OPA and for the gateway. */
export const KEYS = {
	rs: { algorithm: "RS256", key: spki(rsa.publicKey) },
	ps: { algorithm: "PS256", key: spki(rsa.publicKey) },
	es: { algorithm: "ES256", key: spki(ec.publicKey) },
	hs: { algorithm: "HS256", key: SHARED_SECRET },
	scoped: { algorithm: "RS256", key: spki(rsa.publicKey), scope: "write" },
} as const;

export const signers = {
	rs: (text: string) => sign("sha256", Buffer.from(text), rsa.privateKey),
	ps: (text: string) =>
		sign("sha256", Buffer.from(text), { key: rsa.privateKey, padding: 6, saltLength: 32 }),
	es: (text: string) => sign("sha256", Buffer.from(text), { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
	hs: (text: string) => createHmac("sha256", SHARED_SECRET).update(text).digest(),
	stranger: (text: string) => sign("sha256", Buffer.from(text), stranger.privateKey),
	publicKeyAsSecret: (text: string) => createHmac("sha256", KEYS.rs.key).update(text).digest(),
	none: () => Buffer.alloc(0),
};

export interface SigningOptions {
	readonly by?: keyof typeof signers;
	readonly header?: object;
	readonly claims?: object;
	/** Changes what is listed of the files. */
	readonly list?: (files: SignedFile[]) => SignedFile[];
	readonly digest?: { readonly name: string; readonly hash: string };
}

export interface SignedFile {
	readonly name: string;
	readonly hash: string;
	readonly algorithm: string;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token over these files; JSON is given in the form that its digest is of. */
export function token(entries: readonly Entry[], options: SigningOptions = {}): string {
	const { by = "rs", header = { alg: "RS256" }, claims = {}, digest } = options;
	const { name: algorithm, hash } = digest ?? { name: "SHA-256", hash: "sha256" };
	const files = entries.map(([{ name }, content]) => ({
		name: name.replace(/^\/|^\.\//, ""),
		hash: createHash(hash).update(content).digest("hex"),
		algorithm,
	}));
	const text = `${encode(header)}.${encode({ files: options.list?.(files) ?? files, ...claims })}`;
	return `${text}.${signers[by](text).toString("base64url")}`;
}

export const signatures = (...tokens: readonly string[]): Entry => [
	{ name: ".signatures.json" },
	JSON.stringify({ signatures: tokens }),
];

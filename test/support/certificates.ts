import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a throwaway certificate is made; the defaults suit a server on 127.0.0.1. */
export interface CertificateOptions {
	readonly commonName?: string;
	/** Subject alternative names as OpenSSL writes them: `DNS:db.test`, `IP:127.0.0.1`. Empty: none. */
	readonly names?: readonly string[];
	readonly key?: "rsa" | "rsa-pss" | "ec" | "ed25519";
	readonly digest?: "sha1" | "sha256" | "sha384" | "sha512";
	/** For a client certificate of an expired person or host: days from now that it ends; may be negative. */
	readonly days?: number;
}

export interface Certificate {
	readonly cert: string;
	readonly key: string;
}

/** A certificate authority that lives as long as the test: everything as PEM text. */
export interface Authority {
	readonly ca: string;
	issue(options?: CertificateOptions): Certificate;
}

const KEY_ARGUMENTS = {
	rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
	"rsa-pss": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
	ec: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
	ed25519: ["-algorithm", "ED25519"],
} as const;

/** Makes a new authority with OpenSSL's command line, an implementation other than the one under test. */
export function makeAuthority(name = "Throwaway CA"): Authority {
	const root = withDirectory((directory) => {
		const key = makeKey(directory, "ec");
		const cert = join(directory, "ca.pem");
		const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
		openssl(
			...["req", "-new", "-x509", "-key", key, "-out", cert, "-days", "2", "-subj", `/CN=${name}`],
			...extensions.flatMap((extension) => ["-addext", extension]),
		);
		return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
	});
	return { ca: root.cert, issue: (options = {}) => issue(root, options) };
}

function issue(root: Certificate, options: CertificateOptions): Certificate {
	const { commonName = "localhost", names = ["DNS:localhost", "IP:127.0.0.1"], days = 2 } = options;
	return withDirectory((directory) => {
		const file = (name: string) => join(directory, name);
		writeFileSync(file("ca.pem"), root.cert);
		writeFileSync(file("ca.key"), root.key);
		writeFileSync(file("ext.cnf"), names.length === 0 ? "" : `subjectAltName=${names.join(",")}\n`);
		const kind = options.key ?? "ec";
		const key = makeKey(directory, kind);
		const digest = kind === "ed25519" ? [] : [`-${options.digest ?? "sha256"}`];
		openssl("req", "-new", "-key", key, "-subj", `/CN=${commonName}`, "-out", file("leaf.csr"));
		openssl(
			...["x509", "-req", "-in", file("leaf.csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key")],
			...["-CAcreateserial", "-days", String(days), ...digest],
			...["-extfile", file("ext.cnf"), "-out", file("leaf.pem")],
		);
		return { cert: readFileSync(file("leaf.pem"), "utf8"), key: readFileSync(key, "utf8") };
	});
}

function makeKey(directory: string, kind: keyof typeof KEY_ARGUMENTS): string {
	const path = join(directory, "leaf.key");
	openssl("genpkey", ...KEY_ARGUMENTS[kind], "-out", path);
	return path;
}

function openssl(...args: readonly string[]): void {
	execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

function withDirectory<T>(use: (directory: string) => T): T {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-ca-"));
	try {
		return use(directory);
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

import { readFileSync } from "node:fs";

/** The PEM texts of a listener's certificate and key; null without TLS. */
export function readTls(
	tls: { readonly cert: string; readonly key: string } | undefined,
): { cert: string; key: string } | null {
	return tls === undefined
		? null
		: { cert: readFileSync(tls.cert, "utf8"), key: readFileSync(tls.key, "utf8") };
}

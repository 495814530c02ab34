import { isIPv4 } from "node:net";

/**
 * Whether an address or host name can only be reached from this machine: `127.0.0.0/8`, `::1`, their IPv4-mapped
 * forms, and `localhost`. Brackets around an IPv6 address are taken, as URLs have them.
 */
export function isLoopback(host: string): boolean {
	const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
	const lower = bare.toLowerCase();
	if (lower === "localhost" || lower === "::1") return true;
	const four = lower.startsWith("::ffff:") ? lower.slice("::ffff:".length) : lower;
	return isIPv4(four) && four.startsWith("127.");
}

/** Whether nobody on the way can read or change what goes to a URL: https, or http to this machine. */
export function isTrustworthyUrl(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

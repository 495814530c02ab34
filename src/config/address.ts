import { BlockList, isIPv6 } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Splits `HOST:PORT`, an IPv6 host in brackets. Undefined when the port is out of range. */
export function splitAddress(address: string): { host: string; port: number } | undefined {
	const colon = address.lastIndexOf(":");
	const port = Number(address.slice(colon + 1));
	if (colon < 1 || !Number.isInteger(port) || port > 65_535) return undefined;
	return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port };
}

/** Whether only this machine reaches the host: 127.0.0.0/8, ::1 and the name `localhost`. */
export function isLoopbackHost(host: string): boolean {
	if (host === "localhost") return true;
	try {
		return loopback.check(host, isIPv6(host) ? "ipv6" : "ipv4");
	} catch {
		return false;
	}
}

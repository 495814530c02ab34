/** Splits `HOST:PORT`, an IPv6 host in brackets. Undefined when the port is out of range. */
export function splitAddress(address: string): { host: string; port: number } | undefined {
	const colon = address.lastIndexOf(":");
	const port = Number(address.slice(colon + 1));
	if (colon < 1 || !Number.isInteger(port) || port > 65_535) return undefined;
	return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port };
}

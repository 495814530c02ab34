export function parseRfc3339Nanos(_t: string): bigint {
	return 0n;
}

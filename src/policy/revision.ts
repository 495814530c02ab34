/** Names of the bundles that a policy was made of, beside the one that carries it, and their revisions. */
export type DataRevisions = ReadonlyMap<string, string>;

const DATA = / ([^ @]+)@([^ @]*)$/;

/** The name of a policy that is made of several bundles: the carrier's revision, then each other's with its name. */
export function joinRevision(carrier: string, data: DataRevisions): string {
	return [carrier, ...[...data].map(([name, revision]) => `${name}@${revision}`)].join(" ");
}

/** The same taken apart: how a record tells which data a decision was made with. */
export function splitRevision(joined: string): { readonly carrier: string; readonly data: DataRevisions } {
	const data: [string, string][] = [];
	let carrier = joined;
	for (let found = DATA.exec(carrier); found !== null; found = DATA.exec(carrier)) {
		data.unshift([found[1] ?? "", found[2] ?? ""]);
		carrier = carrier.slice(0, found.index);
	}
	return { carrier, data: new Map(data) };
}

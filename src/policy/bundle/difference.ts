import { readArchive } from "./archive.ts";
import { readBundle } from "./bundle.ts";
import { type BundleFiles, type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./files.ts";
import { type ExactJson, isExactObject, parseExact } from "./json.ts";
import { changedLines } from "./lines.ts";

export interface BundleDifference {
	readonly from: { readonly revision: string; readonly sequence: number | null };
	readonly to: { readonly revision: string; readonly sequence: number | null };
	/** Whether they say the same, whatever their sequences and signatures. */
	readonly same: boolean;
	readonly files: FileChange[];
	readonly data: DataChange[];
	readonly truncated: boolean;
}

type Change = "added" | "removed" | "changed";
interface FileChange {
	readonly path: string;
	readonly change: Change;
	readonly lines: string | null;
}
interface DataChange {
	readonly path: string;
	readonly change: Change;
	readonly before: string | null;
	readonly after: string | null;
}

const LIMITS: BundleLimits = { bytes: 256 << 20, entries: MAX_ENTRIES, depth: MAX_DEPTH };
/** Changed values that are listed, and characters of one that are shown. */
const MOST_VALUES = 500;
const VALUE_LENGTH = 200;
/** Texts beyond this are only said to be different: comparing lines takes quadratic time at worst. */
const MOST_LINES_OF = 512 * 1024;

/** What says nothing of what the policy is: who signed it, and where it stands in the order. */
const ASIDE = new Set([".manifest", ".signatures.json", ".rego-signatures.json", "policy.wasm"]);

/** Compares two archives by what they say: sources line by line, data value by value. Throws PolicyError. */
export async function compareBundles(from: Uint8Array, to: Uint8Array): Promise<BundleDifference> {
	const [before, after] = [await readSide(from), await readSide(to)];
	const files = compareFiles(before.files, after.files);
	const data: DataChange[] = [];
	const whole = compareData(before.data, after.data, "", data);
	const sameModule = before.wasm === after.wasm;
	return {
		from: before.name,
		to: after.name,
		same: files.length === 0 && data.length === 0 && sameModule,
		files: sameModule ? files : [...files, { path: "policy.wasm", change: "changed", lines: null }],
		data,
		truncated: !whole,
	};
}

async function readSide(archive: Uint8Array) {
	const files = new Map(await readArchive(archive, LIMITS));
	files.delete(".signatures.json"); // verified when it was published, and by whoever takes it
	const { revision, manifest, data, wasm } = readBundle(files, undefined);
	return {
		name: { revision, sequence: manifest.sallyport.sequence ?? null },
		files,
		data: parseExact("data.json", data),
		wasm: wasm === undefined ? "" : Buffer.from(wasm).toString("latin1"),
	};
}

function compareFiles(before: BundleFiles, after: BundleFiles): FileChange[] {
	const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
	return paths.flatMap((path): FileChange[] => {
		if (ASIDE.has(path) || path.split("/").at(-1) === "data.json") return [];
		const [old, now] = [before.get(path), after.get(path)];
		if (old !== undefined && now !== undefined && old.equals(now)) return [];
		const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
		return [{ path, change, lines: linesOf(path, old, now) }];
	});
}

function linesOf(path: string, old: Buffer | undefined, now: Buffer | undefined): string | null {
	if (!path.endsWith(".rego") || (old?.length ?? 0) + (now?.length ?? 0) > MOST_LINES_OF) return null;
	const text = (content: Buffer | undefined) => content?.toString("utf8") ?? "";
	return changedLines(text(old), text(now));
}

/** Answers false when not all fit the list. */
function compareData(
	before: ExactJson | undefined,
	after: ExactJson | undefined,
	path: string,
	changes: DataChange[],
): boolean {
	if (isExactObject(before) && isExactObject(after)) {
		const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
		return keys.every((key) =>
			compareData(
				before[key],
				after[key],
				`${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
				changes,
			),
		);
	}
	const [old, now] = [shown(before), shown(after)];
	if (old === now) return true;
	if (changes.length >= MOST_VALUES) return false;
	const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
	changes.push({ path, change, before: shortened(old), after: shortened(now) });
	return true;
}

const shown = (value: ExactJson | undefined): string | null =>
	value === undefined ? null : JSON.stringify(value);

function shortened(text: string | null): string | null {
	return text === null || text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}…`;
}

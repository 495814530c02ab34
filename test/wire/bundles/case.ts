import { type Entry, targz } from "./archive.ts";

/** Whether a bundle is taken, by OPA and by the gateway. */
export type Outcome = "taken" | "refused";

export interface Case {
	readonly name: string;
	readonly archive: (root: string) => Promise<Buffer>;
	/** Fields of `bundles.NAME`, the same for both; `root` stands in them where the case's own root does. */
	readonly config?: Readonly<Record<string, unknown>>;
	readonly opa: Outcome;
	/** Why the gateway's answer is another one; absent where it is the same. */
	readonly differs?: string;
}

/** The largest file that every case's configuration takes. */
export const SIZE_LIMIT = 1 << 20;

export const manifest = (root: string, fields: object = {}): Entry => [
	{ name: ".manifest" },
	JSON.stringify({ revision: "r1", roots: [root], ...fields }),
];
export const data = (root: string): Entry => [{ name: `${root}/data.json` }, '{"a":1}'];
export const at = ([header, content]: Entry, name: string): Entry => [{ ...header, name }, content];

type Make = (root: string) => readonly Entry[] | Promise<readonly Entry[]>;

export const entries = (name: string, opa: Outcome, make: Make, more: Partial<Case> = {}): Case => ({
	name,
	opa,
	archive: async (root) => targz(await make(root)),
	...more,
});
export const bytes = (
	name: string,
	opa: Outcome,
	make: (root: string) => Promise<Buffer>,
	more: Partial<Case> = {},
): Case => ({
	name,
	opa,
	archive: make,
	...more,
});
export const whole = (root: string) => targz([manifest(root), data(root)]);

export const REQUIRED = { signing: { keyid: "rs" } };

import type { Entry } from "./archive.ts";
import { type Case, entries, manifest, REQUIRED } from "./case.ts";

const patch = (
	root: string,
	operations: readonly object[],
	more: readonly Entry[] = [],
): readonly Entry[] => [
	manifest(root),
	[{ name: "patch.json" }, JSON.stringify({ data: operations })],
	...more,
];
const upsert = (root: string) => [{ op: "upsert", path: `/${root}/a`, value: 1 }];

/** Delta bundles, of bundles that nobody has. */
export const DELTAS: readonly Case[] = [
	entries("a delta of nothing", "taken", (root) => patch(root, upsert(root)), {
		differs: "OPA makes data of it; a delta without the bundle that it changes is a part of something",
	}),
	entries("a delta where signatures are asked for", "refused", (root) => patch(root, upsert(root)), {
		config: REQUIRED,
	}),
	entries("a delta of a bundle that is kept", "refused", (root) => patch(root, upsert(root)), {
		config: { persist: true },
	}),
	entries("a delta with an unknown operation", "refused", (root) =>
		patch(root, [{ op: "add", path: `/${root}/a`, value: 1 }]),
	),
	entries("a delta that replaces what isn't there", "refused", (root) =>
		patch(root, [{ op: "replace", path: `/${root}/a`, value: 1 }]),
	),
	entries("a delta outside of the roots", "refused", (root) =>
		patch(root, [{ op: "upsert", path: "/elsewhere/a", value: 1 }]),
	),
	entries("a patch that is no JSON", "refused", (root) => [manifest(root), [{ name: "patch.json" }, "{"]]),
	entries("a delta with rules", "refused", (root) =>
		patch(root, upsert(root), [[{ name: `${root}/x.rego` }, `package ${root}\n\np := 1\n`]]),
	),
];

import type { Arrow } from "./import-graph.ts";

/** From what everything may use to what may use most: a room knows only those before it. */
const ROOMS = ["identity", "connections", "commands", "policy", "approvals", "masking", "recording"];

/** Building bundles is a door of its own: a gateway that only runs them does not load it. */
const SECOND_DOOR = "policy/build/index.ts";

/** What each part of `src` may import besides itself. `main` is `main.ts` with `wiring/`, which belongs to it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	lib: [],
	...Object.fromEntries(ROOMS.map((room, index) => [room, ["lib", ...ROOMS.slice(0, index)]])),
	gate: ["lib", ...ROOMS],
	protocols: ["lib", ...ROOMS, "gate"],
	store: ["lib", ...ROOMS],
	control: ["lib", ...ROOMS],
	config: ["lib", ...ROOMS],
	main: ["lib", ...ROOMS, "gate", "protocols", "store", "control", "config"],
	demo: ["lib", ...ROOMS, "config", "main"],
	cli: ["lib", ...ROOMS, "config", "main", "demo"],
};

/** What is wrong with an import; undefined when it goes the right way. */
export function objection(arrow: Arrow): string | undefined {
	const from = partOf(arrow.from);
	const to = partOf(arrow.to);
	const allowed = MAY_IMPORT[from];
	if (allowed === undefined) return `${from} is no part of the house`;
	if (from === to) return from === "protocols" ? betweenProtocols(arrow) : undefined;
	if (!allowed.includes(to)) return `${from} must not know ${to}`;
	return isDoor(arrow.to, to) ? undefined : `${to} has a door: ${to}/index.ts`;
}

function partOf(file: string): string {
	const first = file.split("/")[0] ?? file;
	return first === "main.ts" || first === "wiring" ? "main" : first;
}

function isDoor(file: string, part: string): boolean {
	if (part === "main") return file === "main.ts";
	return file === SECOND_DOOR || file === `${part}/index.ts`;
}

/** A protocol knows what all of them share (the files beside their folders), and never another one. */
function betweenProtocols({ from, to }: Arrow): string | undefined {
	const [mine, others] = [from, to].map((file) => file.split("/").slice(1, -1)[0]);
	return mine === undefined || others === undefined || mine === others
		? undefined
		: `${mine} must not know ${others}`;
}

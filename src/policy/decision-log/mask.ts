import type { DecisionEvent } from "./event.ts";

/** One rule of `system/log/mask`: something is taken out of an event, or put in its place. */
interface MaskRule {
	readonly op: "remove" | "upsert";
	/** The path as it is reported: its parts escaped as in a URL. */
	readonly name: string;
	readonly part: "input" | "result" | "nd_builtin_cache";
	/** For each part the names that it may have in the event. */
	readonly path: readonly Names[];
	readonly value: unknown;
}

/**
 * A part of a path as OPA looks it up, escaped, and as it was written and means: OPA would miss a key that needs
 * escaping, and what somebody wants masked must not be shown for that.
 */
type Names = readonly [escaped: string, written: string, meant: string];

/**
 * Reads what the mask rules answered: paths to erase, or objects with `op`, `path` and `value`. Throws an Error when
 * one of them is neither: then nothing of the event may be shown.
 */
export function readMaskRules(answer: unknown): readonly MaskRule[] {
	if (!Array.isArray(answer)) throw new Error("the mask rules are not a set");
	return answer.map((rule) => {
		if (typeof rule === "string") return maskRule("remove", rule, undefined);
		const { op, path, value } = (rule ?? {}) as Record<string, unknown>;
		if ((op !== "remove" && op !== "upsert") || typeof path !== "string")
			throw new Error(`a mask rule is malformed: ${JSON.stringify(rule).slice(0, 200)}`);
		return maskRule(op, path, value ?? null);
	});
}

function maskRule(op: MaskRule["op"], path: string, value: unknown): MaskRule {
	const [empty, part, ...rest] = path.split("/");
	if (empty !== "" || (part !== "input" && part !== "result" && part !== "nd_builtin_cache"))
		throw new Error(`a mask may not be at ${JSON.stringify(path.slice(0, 200))}`);
	const names = rest.map((name): Names => [escapeAsGo(name), name, decodeURIComponent(name)]);
	return { op, part, path: names, value, name: `/${[part, ...names.map(([escaped]) => escaped)].join("/")}` };
}

/** Erases and replaces in an event that nobody else holds, and notes in it what was done. */
export function mask(event: DecisionEvent, rules: readonly MaskRule[]): void {
	for (const rule of rules) {
		if (event[rule.part] === undefined) continue;
		if (rule.op === "remove" && remove(event, rule)) event.erased = [...(event.erased ?? []), rule.name];
		if (rule.op === "upsert" && upsert(event, rule)) event.masked = [...(event.masked ?? []), rule.name];
	}
}

function remove(event: DecisionEvent, { part, path }: MaskRule): boolean {
	const last = path.at(-1);
	if (last === undefined) {
		delete event[part];
		return true;
	}
	const parent = path.slice(0, -1).reduce<unknown>((node, names) => child(node, names), event[part]);
	const key = keyIn(parent, last);
	if (key === undefined) return false;
	if (Array.isArray(parent)) parent.splice(Number(key), 1);
	else delete (parent as Record<string, unknown>)[key];
	return true;
}

function upsert(event: DecisionEvent, { part, path, value }: MaskRule): boolean {
	const last = path.at(-1);
	if (last === undefined) {
		event[part] = value;
		return true;
	}
	let node: unknown = event[part];
	for (const names of path.slice(0, -1)) {
		if (isObject(node) && keyIn(node, names) === undefined) setOwn(node, names[0], {});
		node = child(node, names);
	}
	const key = keyIn(node, last);
	if (Array.isArray(node)) {
		if (key === undefined) return false;
		node[Number(key)] = value;
		return true;
	}
	if (!isObject(node)) return false;
	setOwn(node, key ?? last[0], value);
	return true;
}

function child(node: unknown, names: Names): unknown {
	const key = keyIn(node, names);
	return key === undefined ? undefined : (node as Record<string, unknown>)[key];
}

/** Under which of its names a container has something; undefined where it has not, or is no container. */
function keyIn(node: unknown, names: Names): string | undefined {
	if (Array.isArray(node)) return names.find((name) => /^\d+$/.test(name) && Number(name) < node.length);
	return isObject(node) ? names.find((name) => Object.hasOwn(node, name)) : undefined;
}

function isObject(node: unknown): node is Record<string, unknown> {
	return typeof node === "object" && node !== null && !Array.isArray(node);
}

function setOwn(node: Record<string, unknown>, key: string, value: unknown): void {
	Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
}

/** As Go's `url.PathEscape` writes one part of a path, which OPA's rules are held against. */
function escapeAsGo(part: string): string {
	return encodeURIComponent(part)
		.replace(/%(24|26|2B|3A|3D|40)/g, (escaped) => decodeURIComponent(escaped))
		.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

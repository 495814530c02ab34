import { RE2JS } from "re2js";
import type { Builtin, BuiltinGroup, EvaluationContext } from "../builtin.ts";
import type { Operands } from "../operands.ts";

/** Compiled patterns by text. Policies have few; patterns made of input must not fill the memory. */
const MAX_COMPILED = 256;
const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
	let regex = compiled.get(pattern);
	if (regex === undefined) {
		regex = RE2JS.compile(pattern);
		if (compiled.size >= MAX_COMPILED) compiled.clear();
		compiled.set(pattern, regex);
	}
	return regex;
}

/** Positions of a match: start and end, then those of each group, -1 where it took no part. */
type Match = readonly (readonly [start: number, end: number])[];

/**
 * Finds matches as Go's FindAll does: from left to right without overlap, an empty one right after another match left
 * out. At most `limit`, all when it is negative. The engine is linear in pattern times text, and charged as such.
 */
function findAll(pattern: string, text: string, limit: number, context: EvaluationContext): Match[] {
	context.charge(pattern.length * 100);
	const regex = compile(pattern);
	context.charge((text.length + 1) * Math.max(regex.programSize(), 8));
	const matcher = regex.matcher(text);
	const matches: Match[] = [];
	let previousEnd = -1;
	for (let from = 0; from <= text.length && matches.length !== limit; ) {
		if (!matcher.find(from)) break;
		const [start, end] = [matcher.start(), matcher.end()];
		const isEmpty = start === end;
		if (!isEmpty || start !== previousEnd) {
			matches.push(
				Array.from({ length: matcher.groupCount() + 1 }, (_, group) => [
					matcher.start(group),
					matcher.end(group),
				]),
			);
		}
		previousEnd = end;
		from = isEmpty ? end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1) : end;
	}
	return matches;
}

function find(operands: Operands, context: EvaluationContext): string[] {
	const text = operands.string(2);
	const limit = Number(operands.integer(3));
	return findAll(operands.string(1), text, limit, context).map(([whole]) => text.slice(...(whole ?? [0, 0])));
}

function split(operands: Operands, context: EvaluationContext): string[] {
	const pattern = operands.string(1);
	const text = operands.string(2);
	compile(pattern);
	if (pattern !== "" && text === "") return [""];
	const parts: string[] = [];
	let begin = 0;
	let end = 0;
	for (const [whole = [0, 0]] of findAll(pattern, text, -1, context)) {
		end = whole[0];
		if (whole[1] !== 0) parts.push(text.slice(begin, end));
		begin = whole[1];
	}
	if (end !== text.length) parts.push(text.slice(begin));
	return parts;
}

function replace(operands: Operands, context: EvaluationContext): string {
	const text = operands.string(1);
	const pattern = operands.string(2);
	const template = operands.string(3);
	const groups = compile(pattern).namedGroups();
	let replaced = "";
	let copied = 0;
	for (const match of findAll(pattern, text, -1, context)) {
		const [start, end] = match[0] ?? [0, 0];
		const value = expand(template, text, match, groups);
		context.charge(value.length);
		replaced += text.slice(copied, start) + value;
		copied = end;
	}
	return replaced + text.slice(copied);
}

/** Go's Regexp.Expand: `$1`, `$name`, `${name}` and `$$`; a name takes as many letters, digits and `_` as there are. */
function expand(
	template: string,
	text: string,
	match: Match,
	groups: Readonly<Record<string, number>>,
): string {
	return template.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (all, bare, braced) => {
		if (all === "$$") return "$";
		const name: string = bare ?? braced;
		const index = /^(0|[1-9]\d{0,7})$/.test(name) ? Number(name) : groups[name];
		const [start, end] = (index === undefined ? undefined : match[index]) ?? [-1, -1];
		return start < 0 ? "" : text.slice(start, end);
	});
}

const templateMatch: Builtin = (operands, context) => {
	const [template, text, open, close] = [1, 2, 3, 4].map((position) => operands.string(position));
	if (template === undefined || text === undefined) throw new Error("operands are missing");
	if (open?.length !== 1 || close?.length !== 1 || open > "\x7f" || close > "\x7f") {
		throw new Error("a delimiter has to be exactly one character long");
	}
	return findAll(templatePattern(template, open, close), text, 1, context).length > 0;
};

/** Turns what stands between delimiters into groups, and the rest into literal text. */
function templatePattern(template: string, open: string, close: string): string {
	let pattern = "^";
	let level = 0;
	let literal = 0;
	let group = 0;
	for (let i = 0; i < template.length; i++) {
		const character = template[i];
		// A delimiter that opens and closes is taken to open.
		if (character === open) {
			if (++level === 1) group = i;
		} else if (character === close) {
			if (--level < 0) throw new Error("unbalanced braces");
			if (level === 0) {
				const inside = template.slice(group + 1, i);
				compile(`^${inside}$`);
				pattern += `${quoteMeta(template.slice(literal, group))}(${inside})`;
				literal = i + 1;
			}
		}
	}
	if (level !== 0) throw new Error("unbalanced braces");
	return `${pattern}${quoteMeta(template.slice(literal))}$`;
}

function quoteMeta(text: string): string {
	return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** OPA's `regex.*` that are not compiled into the module: Go's expressions, by v1/topdown/regex.go. */
export const REGEX_BUILTINS: BuiltinGroup = {
	"regex.find_n": find,
	"regex.split": split,
	"regex.replace": replace,
	"regex.template_match": templateMatch,
};

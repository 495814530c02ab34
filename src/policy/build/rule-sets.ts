/** The rule sets to which a user's rules may add, and the fields that an element of each may have. */
export const RULE_SETS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
	command: {
		allow: ["rule", "message", "remedy"],
		deny: ["rule", "message", "remedy"],
		require_approval: ["rule", "message", "remedy", "approvers", "min", "expires", "scope"],
		mask: [
			...["rule", "columns", "detectors", "transform", "keep", "keep_first", "preserve", "to", "zero"],
			"permit",
		],
		filter: ["rule", "relation", "predicate"],
		limit: ["rule", "max_rows", "max_bytes", "timeout"],
		record: ["rule", "level"],
	},
	session: {
		allow: ["rule", "message", "remedy"],
		deny: ["rule", "message", "remedy"],
	},
	admin: {
		allow: ["rule", "message", "remedy"],
		deny: ["rule", "message", "remedy"],
	},
};

/** `data.sallyport.command.deny` and so on: every set, by package and name. */
export function everyRuleSet(): { readonly package: string; readonly set: string }[] {
	return Object.entries(RULE_SETS).flatMap(([name, sets]) =>
		Object.keys(sets).map((set) => ({ package: name, set })),
	);
}

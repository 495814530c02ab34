import type { RuleUses } from "../policy/index.ts";
import { type DecidedQuery, decidedCommands } from "./decided-commands.ts";
import { asFields, listOf, textOf } from "./fields.ts";

/** Adds what the record's decisions say of their rules to `uses`; answers how many decisions of the policy there were. */
export async function countRules(
	directory: string,
	uses: Pick<RuleUses, "add">,
	query: DecidedQuery = {},
): Promise<number> {
	let count = 0;
	for await (const { decision, input } of decidedCommands(directory, query)) {
		if (input === "never_asked") continue;
		count++;
		const names = (list: string) => [
			...new Set(listOf(decision, list).map((each) => textOf(asFields(each), "rule") ?? "")),
		];
		uses.add({
			action: textOf(decision, "action") ?? "",
			rules: names("reasons"),
			maskRules: names("masks"),
		});
	}
	return count;
}

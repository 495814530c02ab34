import type { RuleUse } from "../../../policy/index.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { instantOrAge, several } from "../../values.ts";

interface Options extends ListOptions {
	readonly since?: string;
	readonly until?: string;
	readonly connection: readonly string[];
	readonly never?: true;
}

interface Coverage {
	readonly revision: string;
	readonly decisions: number;
	readonly rules: readonly RuleUse[];
}

/** Which rules decided recorded commands, and which never did. */
export const policyCoverage: AddCommand = (parent, context) => {
	gatewayCommand(parent, "coverage", context)
		.description("show which rules decided recorded commands, how often, and which never")
		.option("--since <time>", "commands since then: an age (7d, 12h) or a time; all if absent", instantOrAge)
		.option("--until <time>", "commands before then", instantOrAge)
		.option("--connection <name>", "commands on this connection; may be given several times", several, [])
		.option("--never", "only the rules that decided nothing")
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const query = new URLSearchParams();
			for (const name of ["since", "until"] as const) {
				const value = options[name];
				if (value !== undefined) query.set(name, value);
			}
			for (const connection of options.connection) query.append("connection", connection);
			const coverage = await openGateway(options, context).json<Coverage>(
				"GET",
				`api/v1/policy/coverage?${query}`,
			);
			const rules = coverage.rules.filter(({ fired }) => !options.never || fired === 0);
			if (options.json) return context.terminal.json({ ...coverage, rules });
			context.terminal.line(`${coverage.decisions} decisions; rules of revision ${coverage.revision}`);
			context.terminal.table(
				["FIRED", "SET", "RULE", "WHERE"],
				rules.map(({ fired, set, rule, file, line }) => [
					fired === null ? "-" : String(fired),
					set.replace("sallyport/", ""),
					rule,
					line === null ? "" : `${file}:${line}`,
				]),
				"There are no such rules.",
			);
		});
};

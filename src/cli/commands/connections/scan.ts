import { InvalidArgumentError } from "commander";
import type { ConnectionScan, ProposedColumn } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { writeBytes } from "../../files.ts";
import { proposalFile } from "../../proposal.ts";

interface Options extends ListOptions {
	readonly rows: number;
	readonly seconds: number;
	readonly output?: string;
}

/** The values that were looked at stay with the gateway: what comes are counts. */
export const connectionsScan: AddCommand = (parent, context) => {
	gatewayCommand(parent, "scan <name>", context)
		.description("have the gateway look through an upstream's tables and propose columns to mask")
		.option("--rows <n>", "rows of one table at most", wholeNumber, 500)
		.option("--seconds <n>", "for all tables together", wholeNumber, 30)
		.option("-o, --output <file>", "write the proposal as a policy's data file (YAML)")
		.option("--json", "as JSON")
		.action(async (name: string, { rows, seconds, output, ...options }: Options) => {
			const { terminal } = context;
			const path = `api/v1/connections/${encodeURIComponent(name)}/scan`;
			const scan = await openGateway(options, context).json<ConnectionScan>("POST", path, { rows, seconds });
			if (output !== undefined) await writeBytes(output, Buffer.from(proposalFile(name, scan)));
			if (options.json) return terminal.json(scan);
			terminal.table(
				["COLUMN", "LOOKED AT", "FOUND", "NAME SAYS", "PROPOSAL"],
				scan.columns.map((column) => [
					`${column.schema}.${column.table}.${column.column}`,
					String(column.values),
					counts(column),
					column.named ?? "-",
					column.proposal.way === "mask" ? column.proposal.transform : "detect",
				]),
				"Nothing in there suggests personal data.",
			);
			for (const { schema, table, reason } of scan.skipped)
				terminal.note(`skipped ${schema}.${table}: ${reason}`);
			if (output !== undefined) terminal.note(`${output}: read it, then add it to the policy's directory`);
		});
};

function counts({ found }: ProposedColumn): string {
	const told = Object.entries(found).map(([kind, times]) => `${kind} ${times}`);
	return told.length === 0 ? "-" : told.join(", ");
}

function wholeNumber(text: string): number {
	if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("a whole number is wanted");
	return Number(text);
}

import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import {
	CHANGES,
	type ChangedDecision,
	countOf,
	type FailOn,
	type ImpactReport,
	impactMarkdown,
} from "../../../policy/index.ts";
import { candidateArchive } from "../../candidate.ts";
import {
	type AddCommand,
	type Context,
	gatewayCommand,
	type ListOptions,
	openGateway,
} from "../../context.ts";
import { CliError } from "../../errors.ts";
import { readBytes, writeBytes } from "../../files.ts";
import { showImpact } from "../../impact-report.ts";
import { type ImpactQuery, type ImpactWatcher, impactOfFiles, impactOfGateway } from "../../impact-source.ts";
import { failOn, instantOrAge, several } from "../../values.ts";

interface Options extends ListOptions {
	readonly candidate: string;
	readonly since?: string;
	readonly until?: string;
	readonly connection: readonly string[];
	readonly record?: string;
	readonly running?: string;
	readonly failOn: readonly FailOn[];
	readonly export?: string;
	readonly markdown?: string;
}

/** What a candidate would have decided otherwise. */
export const policyImpact: AddCommand = (parent, context) => {
	const command = gatewayCommand(parent, "impact", context);
	command
		.description("replay recorded commands through a candidate and show each decision that would change")
		.requiredOption("--candidate <path>", "a policy directory, which is built first, or a bundle")
		.option("--since <time>", "commands since then: an age (7d, 12h) or a time; all if absent", instantOrAge)
		.option("--until <time>", "commands before then", instantOrAge)
		.option("--connection <name>", "commands on this connection; may be given several times", several, [])
		.option("--record <dir>", "with --running: the record's files on this machine; no gateway is asked")
		.option("--running <bundle>", "with --record: the bundle to compare with")
		.option("--fail-on <bound>", "exit 1 if it is broken, such as newly-denied>0; several times", failOn, [])
		.option("--export <file>", "write each decision that changes, as JSON, one a line")
		.option("--markdown <file>", "write the report for a pull request")
		.option("--json", "the report as JSON")
		.addHelpText("after", `\nBounds are on: ${CHANGES.join(", ")}, changed, newly-failing, drifted.`)
		.action(async (options: Options) => {
			const { record, running } = options;
			if ((record === undefined) !== (running === undefined)) {
				command.error("error: --record and --running belong together");
			}
			const report = await replay(options, context);
			if (options.markdown !== undefined)
				await writeBytes(options.markdown, Buffer.from(impactMarkdown(report)));
			if (options.json) context.terminal.json(report);
			else showImpact(report, context.terminal, "replayed");
			for (const bound of options.failOn) {
				const count = countOf(bound, report);
				if (count <= bound.more) continue;
				context.terminal.note(`broken: ${bound.text} (there are ${count})`);
				context.setExitCode(1);
			}
		});
};

async function replay(options: Options, context: Context): Promise<ImpactReport> {
	const { terminal } = context;
	const candidate = await candidateArchive(options.candidate, terminal);
	const query: ImpactQuery = { since: options.since, until: options.until, connections: options.connection };
	const changes = options.export === undefined ? undefined : await openExport(options.export);
	const watcher: ImpactWatcher = {
		onChange: (changed) => changes?.write(changed),
		onProgress: () => {},
	};
	const { record, running } = options;
	const work =
		record === undefined || running === undefined
			? impactOfGateway(openGateway(options, context), candidate, query, watcher)
			: impactOfFiles({ record, running: await readBytes(running), candidate }, query, watcher);
	const report = await terminal.during("replaying", work);
	await changes?.close();
	return report;
}

interface Export {
	write(changed: ChangedDecision): Promise<void>;
	close(): Promise<void>;
}

/** Throws `file_unwritable`, when it is opened and when it is closed. */
async function openExport(path: string): Promise<Export> {
	const file: WriteStream = createWriteStream(path);
	let failure: Error | undefined;
	file.on("error", (error) => (failure = error));
	const check = () => {
		if (failure !== undefined)
			throw new CliError("file_unwritable", `${path} can't be written.`, { cause: failure });
	};
	await new Promise<void>((resolve) => {
		file.once("open", () => resolve());
		file.once("error", () => resolve());
	});
	check();
	return {
		write: async (changed) => {
			check();
			if (!file.write(`${JSON.stringify(changed)}\n`))
				await Promise.race([once(file, "drain"), once(file, "close")]);
		},
		close: async () => {
			await new Promise<void>((resolve) => file.end(() => resolve()));
			check();
		},
	};
}

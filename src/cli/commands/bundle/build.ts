import { buildBundle } from "../../../policy/build/index.ts";
import type { AddCommand } from "../../context.ts";
import { writeBytes } from "../../files.ts";
import { type SignOptions, signingKey, withSigning } from "../../signing.ts";
import { wholeNumber } from "../../values.ts";

interface Options extends SignOptions {
	readonly output: string;
	readonly revision?: string;
	readonly sequence?: number;
	readonly json?: true;
}

export const bundleBuild: AddCommand = (parent, { terminal, env }) => {
	withSigning(parent.command("build [dirs...]"))
		.description("check, compile and pack policy directories; without any, the default policy")
		.requiredOption("-o, --output <file>", "the archive to write, as bundle.tar.gz")
		.option("--revision <name>", "the revision's name; else a digest of the sources")
		.option(
			"--sequence <number>",
			"higher than that of what it replaces; else when the sources were last changed, or the time for a signed one",
			wholeNumber,
		)
		.option("--json", "tell what was built as JSON")
		.action(async (dirs: string[], options: Options) => {
			const signKey = await signingKey(options, env);
			const building = buildBundle({
				dirs,
				...(options.revision === undefined ? {} : { revision: options.revision }),
				...(options.sequence === undefined ? {} : { sequence: options.sequence }),
				...(signKey === undefined ? {} : { signKey }),
			});
			const { revision, sequence, archive } = await terminal.during("building", building);
			await writeBytes(options.output, archive);
			const facts = {
				file: options.output,
				revision,
				sequence,
				bytes: archive.length,
				signed: signKey !== undefined,
			};
			if (options.json) return terminal.json(facts);
			const signed = facts.signed ? "signed" : "unsigned";
			terminal.line(
				`${facts.file}: revision ${revision}, sequence ${sequence}, ${facts.bytes} bytes, ${signed}`,
			);
		});
};

import { BuildError, republish } from "../../../policy/build/index.ts";
import type { AddCommand } from "../../context.ts";
import { readBytes, writeBytes } from "../../files.ts";
import { type SignOptions, signingKey, withSigning } from "../../signing.ts";
import { wholeNumber } from "../../values.ts";

interface Options extends SignOptions {
	readonly output: string;
	readonly sequence?: number;
}

/** Puts a signature into a bundle, in place of one that it has; a new publication, so it gets a new sequence. */
export const bundleSign: AddCommand = (parent, { terminal, env }) => {
	const command = withSigning(parent.command("sign <file>"));
	command
		.description("sign a bundle that was built")
		.requiredOption("-o, --output <file>", "the archive to write")
		.option("--sequence <number>", "higher than that of what it replaces; else the time", wholeNumber)
		.action(async (file: string, options: Options) => {
			const signKey = await signingKey(options, env);
			if (signKey === undefined) {
				throw new BuildError("sign_key", "There is no key to sign with.", {
					remedy: "Give one with --sign-key, or its PEM text in SALLYPORT_SIGN_KEY.",
				});
			}
			const { archive, sequence } = await republish(await readBytes(file), {
				...(options.sequence === undefined ? {} : { sequence: options.sequence }),
				signKey,
			});
			await writeBytes(options.output, archive);
			terminal.line(`${options.output}: signed, sequence ${sequence}, ${archive.length} bytes`);
		});
};

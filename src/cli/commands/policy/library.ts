import { writeLibrary } from "../../../policy/build/index.ts";
import type { AddCommand } from "../../context.ts";

/** For `opa test DIR USER...` and for reading. */
export const policyLibrary: AddCommand = (parent, { terminal }) => {
	parent
		.command("library")
		.description("write the shipped policy library out, to read it and to run opa test with it")
		.requiredOption("-o, --output <dir>", "the directory to write it to")
		.action(async ({ output }: { output: string }) => {
			await writeLibrary(output);
			terminal.line(`${output}: test with \`opa test ${output} YOUR-DIR\``);
		});
};

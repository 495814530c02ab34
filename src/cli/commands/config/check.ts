import { loadConfig } from "../../../config/index.ts";
import type { AddCommand } from "../../context.ts";

/** Every mistake with its file, line, column and remedy on stderr, exit code 1; or `ok`. */
export const configCheck: AddCommand = (parent, { terminal, env }) => {
	parent
		.command("check")
		.description("check a configuration without starting anything")
		.requiredOption("-c, --config <file>", "the configuration, sallyport.yaml")
		.action(({ config }: { config: string }) => {
			loadConfig(config, env);
			terminal.line("ok");
		});
};

import { configJsonSchema } from "../../../config/index.ts";
import type { AddCommand } from "../../context.ts";

export const configSchema: AddCommand = (parent, { terminal }) => {
	parent
		.command("schema")
		.description("print the JSON Schema of the configuration, for editors")
		.action(() => terminal.json(configJsonSchema()));
};

import { initRepository } from "../../../policy/build/index.ts";
import type { AddCommand } from "../../context.ts";

/** A repository of one's own. */
export const policyInit: AddCommand = (parent, { terminal }) => {
	parent
		.command("init <dir>")
		.description("make a policy repository: an example with tests, the library, schemas and a CI workflow")
		.action(async (directory: string) => {
			await initRepository(directory);
			terminal.line(`${directory}: run \`${directory}/check.sh\`, then read ${directory}/README.md`);
		});
};

import type { AddCommand } from "../context.ts";
import { CliError, type CliErrorCode } from "../errors.ts";

/** A command of a later release: it stands in no list, and says what to do today. */
function absent(name: string, code: CliErrorCode): AddCommand {
	return (parent) => {
		parent
			.command(`${name} [words...]`, { hidden: true })
			.description("not in this release")
			.allowUnknownOption()
			.action(() => {
				throw new CliError(code);
			});
	};
}

export const login = absent("login", "login_absent");
export const logout = absent("logout", "login_absent");
export const connectionsAdd = absent("add", "registry_read_only");
export const connectionsRm = absent("rm", "registry_read_only");

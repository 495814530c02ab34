import type { Command } from "commander";
import { Gateway, type GatewayOptions, withGateway } from "./gateway.ts";
import type { Terminal } from "./terminal.ts";

/** What the command line runs in. */
export interface Surroundings {
	readonly terminal: Terminal;
	readonly env: NodeJS.ProcessEnv;
}

/** What every command is given. */
export interface Context extends Surroundings {
	/** For a command that did its work and found a failure: throwing would say it twice. */
	setExitCode(code: number): void;
}

/** Adds a command to its group. The names are the words on the command line. */
export type AddCommand = (parent: Command, context: Context) => void;

/** A command that talks to a gateway. */
export function gatewayCommand(parent: Command, nameAndArguments: string, { env }: Context): Command {
	return withGateway(parent.command(nameAndArguments), env);
}

export function openGateway(options: GatewayOptions, { env, terminal }: Context): Gateway {
	return new Gateway(options, env, terminal);
}

/** What a command that lists something takes beside the rest. */
export interface ListOptions extends GatewayOptions {
	readonly json?: true;
}

import { spawn } from "node:child_process";
import { ConnectionError } from "../../connections/index.ts";
import { isLoopback } from "../../lib/index.ts";
import type { ConnectionAnswer } from "../answers.ts";
import { type AddCommand, gatewayCommand, openGateway } from "../context.ts";
import { CliError } from "../errors.ts";
import type { GatewayOptions } from "../gateway.ts";

const EVERY_ADDRESS = ["0.0.0.0", "::"];

/** Opens psql on a connection. The token goes by the environment, never by an argument that others could read. */
export const connect: AddCommand = (parent, context) => {
	gatewayCommand(parent, "connect <name> [args...]", context)
		.description("open psql on a connection; what follows -- goes to psql")
		.passThroughOptions()
		.action(async (name: string, args: string[], options: GatewayOptions) => {
			const gateway = openGateway(options, context);
			const { connections } = await gateway.json<{ connections: ConnectionAnswer[] }>(
				"GET",
				"api/v1/connections",
			);
			const [connection] = name.split("/");
			const found = connections.find((each) => each.name === connection);
			if (found === undefined) {
				throw new ConnectionError("connection_unknown", `There is no connection ${name}.`);
			}
			const { port, tls } = found.endpoint;
			const host = EVERY_ADDRESS.includes(found.endpoint.host) ? gateway.url.hostname : found.endpoint.host;
			const exitCode = await run("psql", args[0] === "--" ? args.slice(1) : args, {
				...context.env,
				PGHOST: host.replace(/^\[(.*)\]$/, "$1"),
				PGPORT: String(port),
				PGDATABASE: name,
				PGPASSWORD: gateway.token,
				PGSSLMODE: tls ? (isLoopback(host) ? "require" : "verify-full") : "disable",
			});
			context.setExitCode(exitCode);
		});
};

/** The client's own exit code; 1 when a signal ended it. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: "inherit", env });
		// Ctrl-C is the client's: it cancels the statement there.
		process.on("SIGINT", () => undefined);
		child.on("error", (cause: NodeJS.ErrnoException) =>
			reject(cause.code === "ENOENT" ? new CliError("client_missing", undefined, { cause }) : cause),
		);
		child.on("exit", (code) => resolve(code ?? 1));
	});
}

import { pino } from "pino";
import { loadConfig } from "../../config/index.ts";
import type { AddCommand } from "../context.ts";
import { CliError } from "../errors.ts";

const LISTEN_FAILURES = ["EADDRINUSE", "EACCES", "EADDRNOTAVAIL"];

/** A Ctrl-C comes twice where npm passes on what the terminal has sent already: that is no second one. */
const SAME_SIGNAL_MS = 500;

/** Runs a gateway until it is told to stop. Results (a line a listener) go to stdout, the log as JSON to stderr. */
export const serve: AddCommand = (parent, { terminal, env }) => {
	parent
		.command("serve")
		.description("run a gateway")
		.requiredOption("-c, --config <file>", "the configuration, sallyport.yaml")
		.addHelpText(
			"after",
			"\nSIGTERM and SIGINT drain and stop; a second one stops at once. SIGHUP re-reads the connections, fetches the bundles and sends what there is to report.",
		)
		.action(async ({ config: file }: { config: string }) => {
			const config = loadConfig(file, env);
			const log = pino({ base: { labels: config.labels } }, pino.destination(2));
			const { startGateway } = await import("../../main.ts");
			const gateway = await terminal.during("starting", startGateway(config, log)).catch(startFailed);
			for (const { name, address } of gateway.listeners) terminal.line(`${name} ${address}`);

			process.on("SIGHUP", () => {
				gateway.reloadConnections();
				void gateway.triggerPlugins();
			});
			let stoppingSince: number | undefined;
			const stop = (signal: NodeJS.Signals) => {
				if (stoppingSince !== undefined) {
					if (Date.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
					return;
				}
				stoppingSince = Date.now();
				log.info({ signal }, "draining");
				gateway.stop().then(
					() => process.exit(0),
					(error: unknown) => {
						log.error({ err: error }, "stopping failed");
						process.exit(1);
					},
				);
			};
			process.on("SIGTERM", stop);
			process.on("SIGINT", stop);
		});
};

/** What the system says when an address can't be listened on, in the product's own form. */
function startFailed(thrown: unknown): never {
	const { code, address, port } = thrown as NodeJS.ErrnoException & { address?: string; port?: number };
	if (code !== undefined && LISTEN_FAILURES.includes(code)) {
		throw new CliError("listener_unavailable", `${address}:${port} can't be listened on (${code}).`, {
			cause: thrown,
		});
	}
	throw thrown;
}

import type { AddCommand } from "../context.ts";

/** The whole product on one machine, playing a scenario. */
export const demo: AddCommand = (parent, { setExitCode }) => {
	parent
		.command("demo")
		.description("run a complete demonstration on this machine, with nothing else installed")
		.option("--once", "exit after the scenario, with 0 only if every step behaved")
		.action(async ({ once }: { once?: true }) => {
			const { runDemo } = await import("../../demo/index.ts");
			setExitCode(await runDemo({ once: once === true }));
		});
};

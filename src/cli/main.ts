#!/usr/bin/env node
import { useLargePages } from "./large-pages.ts";

// Before anything else is loaded: a process that begins again would load it twice.
if (process.argv[2] === "serve") useLargePages();
const { run } = await import("./run.ts");
const { Terminal } = await import("./terminal.ts");

// A reader that stops reading (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? 0 : 1);
});

const terminal = new Terminal(process.stdout, process.stderr, process.env);
const exitCode = await run(process.argv.slice(2), { terminal, env: process.env });
// What failed may have left something open that would keep the process; what succeeded (serve) means to go on.
if (exitCode === 0) process.exitCode = 0;
else process.exit(exitCode);

/** `silent`: where the system has no large pages to give, nothing is said and all goes on in small ones. */
const FLAG = "--use-largepages=silent";

/**
 * Has this process begin again with the engine's own code in large pages, where the engine can do that (Linux, Node
 * 22.15 and 23.11 on). A gateway changes between its sockets and the kernel thousands of times a second, and spends
 * an eighth of its time on finding that code again; commands that end at once gain nothing. The process stays the
 * same to whoever started it.
 */
export function useLargePages(): void {
	const { execve, platform, execPath, execArgv, argv, env } = process;
	if (platform !== "linux" || execve === undefined || execArgv.some(isLargePages)) return;
	if (isLargePages(env["NODE_OPTIONS"] ?? "")) return;
	execve.call(process, execPath, [execPath, FLAG, ...execArgv, ...argv.slice(1)], env);
}

/** Who has chosen already is left alone. */
const isLargePages = (text: string): boolean => text.includes("--use-largepages");

import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { postgresBinDir } from "../../../test/support/postgres-cluster.ts";

/** The tests' files, where the server's user can read and write them. */
export interface Workspace {
	readonly directory: string;
	remove(): void;
}

/** The server's modules that the suite expects beside its own library. */
const CONTRIB = ["autoinc.so", "refint.so"];

/** The path is the same on both roads, because outputs hold it. */
export async function makeWorkspace(source: string): Promise<Workspace> {
	const directory = join(tmpdir(), `sallyport-regress-${process.pid}`);
	const remove = () => rmSync(directory, { recursive: true, force: true });
	remove();
	mkdirSync(join(directory, "results"), { recursive: true });
	for (const name of ["sql", "data"]) cpSync(join(source, name), join(directory, name), { recursive: true });
	copyFileSync(join(source, "regress.so"), join(directory, "regress.so"));
	const pgConfig = join(postgresBinDir(15), "pg_config");
	const { stdout } = await promisify(execFile)(pgConfig, ["--pkglibdir"]);
	for (const name of CONTRIB) copyFileSync(join(stdout.trim(), name), join(directory, name));
	chmodSync(directory, 0o755);
	process.once("exit", remove); // however the run ends
	chmodSync(join(directory, "results"), 0o777); // COPY TO a file writes there, as the server's user
	return {
		directory,
		remove: () => {
			process.off("exit", remove);
			remove();
		},
	};
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

const SOURCES = resolve(import.meta.dirname, "../../wire/drivers/pgx");

/** The program in `test/wire/drivers/pgx`, built once a version of its sources. Throws with what to do when there is no Go. */
export async function pgxProgram(): Promise<string> {
	const directory = cache("pgx", sourcesHash());
	const program = join(directory, "pgx-client");
	if (existsSync(program)) return program;
	return withLock("pgx", async () => {
		if (!existsSync(program))
			await during("Building the pgx client (go build)", () => build(directory, program));
		return program;
	});
}

async function build(directory: string, program: string): Promise<void> {
	mkdirSync(directory, { recursive: true });
	const building = `${program}.${process.pid}`;
	const env = { ...process.env, CGO_ENABLED: "0" };
	const { ok, output } = await attempt("go", ["build", "-trimpath", "-mod=readonly", "-o", building, "."], {
		cwd: SOURCES,
		env,
	});
	if (!ok)
		throw new Error(
			`go build failed:\n${output}\nInstall Go 1.24 or newer; its module proxy must be reachable.`,
		);
	renameSync(building, program);
}

function sourcesHash(): string {
	const hash = createHash("sha256");
	for (const name of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(join(SOURCES, name)));
	return hash.digest("hex").slice(0, 16);
}

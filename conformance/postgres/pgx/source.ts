import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { SetupFailure } from "../../../tools/setup/failure.mjs";
import { during } from "../../../tools/setup/progress.mjs";

/** Its go.mod pins the version. */
const MODULE = resolve(import.meta.dirname, "../../../test/wire/drivers/pgx");
const NAME = "github.com/jackc/pgx/v5";

/** Where Go keeps the module with its tests: read-only, and tests run in it all the same. */
export async function pgxSource(): Promise<string> {
	await during("Fetching pgx (go mod download)", () => go("mod", "download"));
	const directory = await go("list", "-m", "-f", "{{.Dir}}", NAME);
	if (!existsSync(join(directory, "pgx_test.go"))) throw new Error(`there are no tests in ${directory}`);
	return directory;
}

async function go(...args: string[]): Promise<string> {
	const { ok, output } = await attempt("go", args, { cwd: MODULE });
	if (!ok)
		throw new SetupFailure(
			`go ${args.join(" ")} failed:\n${output}`,
			"Install Go 1.25 or newer; its module proxy must be reachable.",
		);
	return output;
}

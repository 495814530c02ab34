import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

const SOURCES = resolve(import.meta.dirname, "../../wire/drivers/tokio-postgres");
const NAME = "tokio-postgres-client";

/** The program in `test/wire/drivers/tokio-postgres`, built once a version of its sources. */
export async function tokioPostgresProgram(): Promise<string> {
	const directory = cache("tokio-postgres", sourcesHash());
	const program = join(directory, NAME);
	if (existsSync(program)) return program;
	return withLock("tokio-postgres", async () => {
		if (!existsSync(program))
			await during("Building the tokio-postgres client (cargo build)", () => build(directory, program));
		return program;
	});
}

async function build(directory: string, program: string): Promise<void> {
	mkdirSync(directory, { recursive: true });
	const target = join(directory, "target");
	try {
		const args = [
			"build",
			"--locked",
			"--manifest-path",
			join(SOURCES, "Cargo.toml"),
			"--target-dir",
			target,
		];
		const { ok, output } = await attempt("cargo", args);
		if (!ok)
			throw new Error(
				`cargo build failed:\n${output}\nInstall Rust 1.85 or newer (https://rustup.rs); crates.io must be reachable.`,
			);
		renameSync(join(target, "debug", NAME), program);
	} finally {
		rmSync(target, { recursive: true, force: true });
	}
}

function sourcesHash(): string {
	const hash = createHash("sha256");
	for (const name of ["Cargo.toml", "Cargo.lock", "src/main.rs"])
		hash.update(readFileSync(join(SOURCES, name)));
	return hash.digest("hex").slice(0, 16);
}

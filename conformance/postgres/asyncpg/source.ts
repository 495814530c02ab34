import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { SetupFailure } from "../../../tools/setup/failure.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

const VERSION = "0.32.0";
const ARCHIVE = `https://files.pythonhosted.org/packages/80/4e/59dc964f962f09e3ed472e5d2d3ba670a41a2be25080dc62ab3db507ff5e/asyncpg-${VERSION}.tar.gz`;
const SHA256 = "45e64e56714d888330b884aad1dfb363d0bf43fb343e3d1a8968525f3bade478";
const PACKAGES = [`asyncpg==${VERSION}`, "pytest==9.2.0", "pytest-timeout==2.4.0", "distro==1.9.0"];
const NEEDED = "Install Python 3.10 or newer with its venv module; PyPI must be reachable.";

export interface AsyncpgSource {
	/** Holds `tests`, and not the package itself: what is installed is what is tested. */
	readonly directory: string;
	readonly python: string;
}

/** asyncpg as PyPI has it built, and the tests of its source distribution; fetched once. */
export async function asyncpgSource(): Promise<AsyncpgSource> {
	const home = cache("asyncpg", VERSION);
	const source = { directory: join(home, "suite"), python: join(home, "bin", "python") };
	if (existsSync(home)) return source;
	return withLock("asyncpg", async () => {
		if (!existsSync(home)) await during(`Fetching asyncpg ${VERSION} and its tests (PyPI)`, () => make(home));
		return source;
	});
}

/** As with psycopg: of a moved environment only the interpreter is used, which does not mind. */
async function make(home: string): Promise<void> {
	const making = `${home}.${process.pid}`;
	mkdirSync(dirname(home), { recursive: true });
	try {
		await must("python3", ["-m", "venv", making]);
		const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", ...PACKAGES];
		await must(join(making, "bin", "python"), pip);
		const archive = join(making, "source.tar.gz");
		writeFileSync(archive, await download());
		mkdirSync(join(making, "suite"));
		await must("tar", [
			"xzf",
			archive,
			"--strip-components=1",
			"-C",
			join(making, "suite"),
			`asyncpg-${VERSION}/tests`,
		]);
		renameSync(making, home);
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
}

async function download(): Promise<Buffer> {
	const answer = await fetch(ARCHIVE);
	const archive = Buffer.from(await answer.arrayBuffer());
	const sum = createHash("sha256").update(archive).digest("hex");
	if (sum !== SHA256) throw new SetupFailure(`${ARCHIVE} is not what it was (sha256 ${sum}).`, NEEDED);
	return archive;
}

async function must(program: string, args: readonly string[]): Promise<void> {
	const { ok, output } = await attempt(program, [...args]);
	if (!ok) throw new SetupFailure(`${program} ${args.join(" ")} failed:\n${output}`, NEEDED);
}

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installPackage } from "../../../test/support/clients/package-manager.ts";
import { findProgram } from "../../../test/support/clients/programs.ts";
import { attempt } from "../../../tools/setup/command.mjs";
import { SetupFailure } from "../../../tools/setup/failure.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

/** Debian's version, of the source package and of the headers that the suite's library is built with. */
const VERSION = "15.18-0+deb12u1";
const UPSTREAM = VERSION.slice(0, VERSION.indexOf("-"));
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const SOURCES = ["deb", "deb-src"]
	.map((kind) => `${kind} [signed-by=${KEYRING}] http://deb.debian.org/debian bookworm main\n`)
	.join("");

/**
 * PostgreSQL's `src/test/regress` with its library `regress.so`, fetched and built once. Apt works with a configuration
 * and lists of its own, so nothing of the machine's changes.
 */
export async function regressionSource(): Promise<string> {
	const home = cache("postgresql-regress", VERSION);
	if (existsSync(home)) return home;
	return withLock("postgresql-regress", async () => {
		if (existsSync(home)) return home;
		await ensureCompiler();
		const making = `${home}.${process.pid}`;
		try {
			await during(`Fetching PostgreSQL's regression suite (apt, ${VERSION})`, () => fetch(making));
			await during("Building the regression suite's library (gcc)", () => compile(making));
			const complete = join(making, "regress");
			mkdirSync(dirname(home), { recursive: true });
			renameSync(complete, home);
		} finally {
			rmSync(making, { recursive: true, force: true });
		}
		return home;
	});
}

async function ensureCompiler(): Promise<void> {
	if (findProgram("gcc") === undefined) await installPackage("gcc", "a C compiler");
	if (findProgram("bzip2") === undefined) await installPackage("bzip2", "bzip2");
}

async function fetch(making: string): Promise<void> {
	const lists = join(making, "lists");
	const archives = join(making, "cache", "archives");
	for (const directory of [join(lists, "partial"), join(archives, "partial")])
		mkdirSync(directory, { recursive: true });
	const sourceList = join(making, "sources.list");
	writeFileSync(sourceList, SOURCES);
	const options = [
		...["-o", `Dir::Etc::SourceList=${sourceList}`, "-o", "Dir::Etc::SourceParts=/dev/null"],
		...["-o", `Dir::State::Lists=${lists}`, "-o", `Dir::Cache=${join(making, "cache")}`],
		...["-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User=root"],
	];
	const apt = (...args: string[]) => must("apt-get", [...options, ...args], making);
	await apt("update");
	await apt("source", "--download-only", `postgresql-15=${VERSION}`);
	await apt("download", `postgresql-server-dev-15=${VERSION}`);
	const tarball = `postgresql-15_${UPSTREAM}.orig.tar.bz2`;
	const inside = `postgresql-${UPSTREAM}/src/test/regress`;
	await must("tar", ["-xjf", tarball, "--strip-components=3", inside], making);
	await must(
		"dpkg-deb",
		["-x", `postgresql-server-dev-15_${VERSION}_${await architecture()}.deb`, "dev"],
		making,
	);
}

/** As its Makefile does, against the headers of the server that Debian ships. */
async function compile(making: string): Promise<void> {
	const headers = join(making, "dev", "usr", "include", "postgresql", "15", "server");
	const regress = join(making, "regress");
	const args = ["-O2", "-w", "-fPIC", "-shared", `-I${headers}`, "-I/usr/include/postgresql", "regress.c"];
	await must("gcc", [...args, "-o", "regress.so"], regress);
}

async function architecture(): Promise<string> {
	const { output } = await attempt("dpkg", ["--print-architecture"]);
	return output;
}

async function must(program: string, args: readonly string[], cwd: string): Promise<void> {
	const { ok, output } = await attempt(program, args, { cwd });
	if (ok) return;
	throw new SetupFailure(
		`PostgreSQL's regression suite can't be set up: ${program} failed:\n${output}`,
		"It comes as Debian's source package postgresql-15 (bookworm); it needs apt, dpkg, tar, gcc and Debian's archive.",
	);
}

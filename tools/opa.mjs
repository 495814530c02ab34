#!/usr/bin/env node
/**
 * Finds or installs `opa`, the compiler of policies. Plain JavaScript for Node 18 and up, without dependencies,
 * because the set-up of a fresh clone runs it. As a command it prints the program's path.
 *
 * Tried in this order: the program that SALLYPORT_OPA names; `opa` on PATH; the per-user cache; `go install`, whose
 * download Go's checksum database verifies. The binaries of OPA's release page are not downloaded: that would take
 * their SHA-256 pinned here from a source other than the page itself, and there is none for this version; a checksum
 * fetched from beside the binary proves nothing.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const OPA_VERSION = "1.22.3";
const MODULE = `github.com/open-policy-agent/opa@v${OPA_VERSION}`;
const PROGRAM = process.platform === "win32" ? "opa.exe" : "opa";
const PROGRESS_EVERY_MS = 10_000;

/**
 * The path of an `opa` that is new enough. Throws an Error that says what was tried and what to do.
 * @param {{ quiet?: boolean, install?: boolean }} [options] quiet: nothing on stderr; install: false to leave `go install` out
 * @returns {Promise<string>}
 */
export async function resolveOpa({ quiet = false, install = true } = {}) {
	const say = quiet ? () => {} : (text) => process.stderr.write(`${text}\n`);
	const tried = [];

	const named = process.env.SALLYPORT_OPA;
	if (named) {
		const version = await versionOf(named);
		if (isNewEnough(version)) return named;
		throw failure([`SALLYPORT_OPA names ${named}, which ${found(version)}`]);
	}

	const onPath = programOnPath();
	const itsVersion = onPath && (await versionOf(onPath));
	if (isNewEnough(itsVersion)) return onPath;
	tried.push(`opa on PATH: ${found(itsVersion)}`);

	const cached = join(cacheDirectory(), PROGRAM);
	const inCache = await versionOf(cached);
	if (isNewEnough(inCache)) return cached;
	tried.push(`${cached}: ${found(inCache)}`);

	if (!install) throw failure(tried);
	tried.push(await goInstall(cached, say));
	if (isNewEnough(await versionOf(cached))) return cached;
	throw failure(tried);
}

/** `$XDG_CACHE_HOME/sallyport/opa/VERSION`. */
export function cacheDirectory() {
	const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
	return join(base, "sallyport", "opa", OPA_VERSION);
}

function programOnPath() {
	const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
	return directories.map((directory) => join(directory, PROGRAM)).find((path) => existsSync(path));
}

/** Builds opa with Go into the cache; returns what to say of it when that was not enough. */
async function goInstall(target, say) {
	if ((await run("go", ["version"])) === undefined) return "`go install`: there is no Go on PATH";

	const directory = cacheDirectory();
	const building = join(directory, `build-${process.pid}`);
	mkdirSync(building, { recursive: true });
	say(`Building opa ${OPA_VERSION} with Go, once (one to five minutes) ...`);
	const started = Date.now();
	const timer = setInterval(
		() => say(`  ... ${Math.round((Date.now() - started) / 1000)} s`),
		PROGRESS_EVERY_MS,
	);
	try {
		const complaint = await build(building);
		if (complaint !== undefined) return `\`go install ${MODULE}\`: ${complaint}`;
		renameSync(join(building, PROGRAM), target); // atomic: another process may be doing the same
		say(`opa ${OPA_VERSION} is in ${directory}`);
		return `\`go install ${MODULE}\`: what it built does not run`;
	} finally {
		clearInterval(timer);
		rmSync(building, { recursive: true, force: true });
	}
}

/** Runs `go install`; undefined when it did, else the end of what it printed. */
function build(bin) {
	return new Promise((resolve) => {
		const env = { ...process.env, GOBIN: bin };
		const child = spawn("go", ["install", MODULE], { env, stdio: ["ignore", "ignore", "pipe"] });
		let said = "";
		child.stderr.on("data", (data) => {
			said = (said + data).slice(-2000);
		});
		child.on("error", (error) => resolve(error.message));
		child.on("close", (code) => resolve(code === 0 ? undefined : said.trim() || `ended with ${code}`));
	});
}

/** The version that `program version` prints, as numbers; undefined when it can't be run. */
async function versionOf(program) {
	const printed = await run(program, ["version"]);
	const match = /^Version: (\d+)\.(\d+)\.(\d+)/m.exec(printed ?? "");
	return match === null ? undefined : match.slice(1).map(Number);
}

function run(program, args) {
	return new Promise((resolve) => {
		execFile(program, args, { timeout: 30_000 }, (error, stdout) => resolve(error ? undefined : stdout));
	});
}

/** The same major version, and not older. */
function isNewEnough(version) {
	if (version === undefined) return false;
	const wanted = OPA_VERSION.split(".").map(Number);
	if (version[0] !== wanted[0]) return false;
	return version[1] > wanted[1] || (version[1] === wanted[1] && version[2] >= wanted[2]);
}

const found = (version) => (version === undefined ? "not found" : `is version ${version.join(".")}`);

function failure(tried) {
	return new Error(
		[
			`No opa ${OPA_VERSION} or newer 1.x. Tried:`,
			...tried.map((line) => `  - ${line}`),
			"Do one of these: put opa on PATH (https://www.openpolicyagent.org/docs/#1-download-opa), name it in SALLYPORT_OPA,",
			"or install Go 1.26, with which it is built here by itself.",
		].join("\n"),
	);
}

const isCommand =
	existsSync(process.argv[1] ?? "") && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isCommand) {
	resolveOpa({ quiet: process.argv.includes("--quiet") }).then(
		(path) => process.stdout.write(`${path}\n`),
		(error) => {
			process.stderr.write(`${error.message}\n`);
			process.exitCode = 1;
		},
	);
}

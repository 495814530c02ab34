import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";
import { installPackage } from "./package-manager.ts";
import { findProgram } from "./programs.ts";

const SOURCE = resolve(import.meta.dirname, "../../wire/drivers/pgjdbc/Work.java");
const VERSION = "42.7.7";
const JAR = `postgresql-${VERSION}.jar`;
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
const NEEDED = "Install a JDK 17 or newer and Maven; Maven Central must be reachable.";

/** The class path of the program in `test/wire/drivers/pgjdbc`, compiled once a version of its source. */
export async function pgjdbcClassPath(): Promise<string> {
	const hash = createHash("sha256").update(VERSION).update(readFileSync(SOURCE)).digest("hex");
	const home = cache("pgjdbc", hash.slice(0, 16));
	const classPath = [join(home, JAR), home].join(delimiter);
	if (existsSync(home)) return classPath;
	return withLock("pgjdbc", async () => {
		if (!existsSync(home)) await during("Building the pgjdbc client (mvn, javac)", () => build(home));
		return classPath;
	});
}

async function build(home: string): Promise<void> {
	const making = `${home}.${process.pid}`;
	mkdirSync(dirname(home), { recursive: true });
	if (findProgram("javac") === undefined) await installPackage("default-jdk-headless", "a JDK");
	if (findProgram("mvn") === undefined) await installPackage("maven", "Maven");
	try {
		const artifact = [`-Dartifact=org.postgresql:postgresql:${VERSION}`, `-DoutputDirectory=${making}`];
		await done("mvn", ["-q", "-B", COPY, ...artifact]);
		await done("javac", ["-cp", join(making, JAR), "-d", making, SOURCE]);
		renameSync(making, home);
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
}

async function done(program: string, args: readonly string[]): Promise<void> {
	const { ok, output } = await attempt(program, [...args]);
	if (!ok) throw new Error(`${program} failed:\n${output}\n${NEEDED}`);
}

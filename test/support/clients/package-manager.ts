import { attempt } from "../../../tools/setup/command.mjs";
import { during } from "../../../tools/setup/progress.mjs";

/** Installs a Debian package where we may, that is as root where apt is; throws with what to do elsewhere. */
export async function installPackage(name: string, whatFor: string): Promise<void> {
	const asked = `Install Debian's package ${name}, or whatever brings ${whatFor} on this machine.`;
	if (process.getuid?.() !== 0) throw new Error(`${whatFor} is missing. ${asked}`);
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	const apt = (...args: string[]) => attempt("apt-get", ["-y", "--no-install-recommends", ...args], { env });
	await during(`Installing ${name} (apt-get)`, async () => {
		// The lists may be absent or old; only when they are is fetching them worth its time.
		const { ok } = await apt("install", name);
		if (ok) return;
		await apt("update");
		const second = await apt("install", name);
		if (!second.ok) throw new Error(`apt-get install ${name} failed:\n${second.output}\n${asked}`);
	});
}

import { setTimeout as sleep } from "node:timers/promises";
import type { PolicyBundle } from "../stage/policy.ts";
import { deniedBy, play, type Scene } from "./scene.ts";

const QUERY = "SELECT method, count(*) AS payments FROM payments GROUP BY method ORDER BY method";
const POLL_MS = 20;
const PATIENCE_MS = 15_000;

/** A rule that is pushed while a session is open is met by its next statement; rolled back, it is gone again. */
export async function policyEdit(scene: Scene): Promise<void> {
	const { narrator, stage } = scene;
	const { workshop, bundles, base } = stage;
	const before = await play(scene, QUERY);
	narrator.check(before.ok, "allowed so far");

	narrator.sent("edit", `${workshop.edit.file}\n${workshop.edit.text.trimEnd()}`);
	const tested = await workshop.test();
	narrator.fact(
		"opa test",
		tested ?? "there is no opa on this machine; the bundle was tested where it was compiled",
	);
	const edited = await workshop.again(await workshop.buildEdited());
	narrator.fact("build", describe(edited));
	await bundles.push(edited.archive);
	narrator.fact("push", "signed, to the bundle server, where the gateway waits for it");
	const took = await activation(scene, edited.revision, base.revision);
	narrator.fact("gateway", `decides by it ${took} ms after the push`);

	const after = await play(scene, QUERY);
	narrator.check(
		deniedBy(after, "payments-audit"),
		"the session that was open all the time meets the new rule",
	);

	const rolledBack = await workshop.again(base);
	await bundles.push(rolledBack.archive);
	narrator.sent("roll back", `revision ${rolledBack.revision.slice(0, 12)} again, under a higher number`);
	await activation(scene, rolledBack.revision, edited.revision);
	const restored = await play(scene, QUERY);
	narrator.check(
		restored.ok && before.ok && JSON.stringify(restored.result.rows) === JSON.stringify(before.result.rows),
		"rolled back: allowed again",
	);
}

function describe({ revision, archive, prebuilt }: PolicyBundle): string {
	const how = prebuilt ? "as it was compiled for machines without opa" : "compiled to WebAssembly";
	return `revision ${revision.slice(0, 12)}, ${archive.length} bytes, ${how}`;
}

/** Waits until the gateway decides by a revision; milliseconds that it took. Throws when it doesn't in time. */
async function activation({ approverControl }: Scene, revision: string, previous: string): Promise<number> {
	const started = Date.now();
	for (;;) {
		const { active } = await approverControl.json<{ active: { revision: string } | null }>(
			"GET",
			"api/v1/bundles",
		);
		if (active?.revision === revision) return Date.now() - started;
		if (active?.revision !== previous)
			throw new Error(`the gateway decides by ${active?.revision ?? "nothing"}`);
		if (Date.now() - started > PATIENCE_MS) throw new Error("the gateway did not take the pushed policy");
		await sleep(POLL_MS, undefined, { ref: false }); // must not keep an interrupted demo up
	}
}

import type { Narrator } from "../output/narrator.ts";
import type { Stage } from "../stage/stage.ts";
import { allowedRead } from "./1-read.ts";
import { masks } from "./2-masks.ts";
import { denials } from "./3-denials.ts";
import { approval } from "./4-approval.ts";
import { policyEdit } from "./5-policy-edit.ts";
import { record } from "./6-record.ts";
import { openScene, type Scene } from "./scene.ts";

const STEPS: readonly { readonly title: string; readonly play: (scene: Scene) => Promise<void> }[] = [
	{ title: "A read that is allowed", play: allowedRead },
	{ title: "One person's e-mail address and card, masked by every way to them", play: masks },
	{ title: "What must not run does not", play: denials },
	{ title: "A bulk update waits for a person", play: approval },
	{ title: "A policy edit reaches the session that is open", play: policyEdit },
	{ title: "The record: replayed, verified, and tampered with", play: record },
];

/** Plays every step, also after one that failed. The narrator counts what did not hold. */
export async function playScenario(stage: Stage, narrator: Narrator): Promise<void> {
	const scene = await openScene(stage, narrator);
	for (const [index, { title, play }] of STEPS.entries()) {
		narrator.step(index + 1, title);
		await play(scene).catch((error: unknown) => narrator.failed(error));
	}
}

import { interruption } from "./interruption.ts";
import { invite } from "./invitation.ts";
import { Narrator } from "./output/narrator.ts";
import { playScenario } from "./scenario/index.ts";
import { type Stage, setStage } from "./stage/stage.ts";

export interface DemoOptions {
	/** Ends after the scenario; else the demo stays up until it is interrupted. */
	readonly once: boolean;
}

const INTERRUPTED = 130;

/**
 * The whole product on one machine: sets the stage, plays the scenario, and, unless `once`, stays up. Answers the
 * exit code: 0 when every step behaved, 1 when one did not, 130 when it was interrupted before that was known.
 * Nothing that it started or wrote is left behind, however it ends.
 */
export async function runDemo({ once }: DemoOptions): Promise<number> {
	const narrator = new Narrator(process.stdout, process.env);
	const { happened, release } = interruption();
	narrator.title("Sallyport, between an agent and a shop's database");
	const setting = narrator.during("Starting PostgreSQL, a bundle server and the gateway", setStage());
	try {
		const stage = await Promise.race([setting, happened]);
		if (stage === "interrupted") return INTERRUPTED;
		introduce(stage, narrator);
		const played = await Promise.race([playScenario(stage, narrator), happened]);
		if (played === "interrupted") return INTERRUPTED;
		if (narrator.failures > 0) {
			narrator.outcome(`${narrator.failures} checks did not hold.`, false);
			return 1;
		}
		narrator.outcome("Every step behaved.", true);
		if (!once) {
			invite(stage, narrator);
			await happened;
		}
		return 0;
	} finally {
		narrator.mute();
		// Also what was still being set when the interruption came.
		const stage = await setting.catch(() => undefined);
		await stage?.strike();
		release();
	}
}

function introduce({ database, gateway, base, bundles }: Stage, narrator: Narrator): void {
	narrator.line();
	narrator.fact("database", `PostgreSQL ${database.version}; only the gateway has its password`);
	narrator.fact("gateway", `postgres on 127.0.0.1:${gateway.port}, control on ${gateway.controlUrl}`);
	narrator.fact("policy", `revision ${base.revision.slice(0, 12)}, signed, from ${bundles.url}, kept asking`);
	narrator.fact("people", `${gateway.agent.name} (an agent) and ${gateway.approver.name} (who approves)`);
}

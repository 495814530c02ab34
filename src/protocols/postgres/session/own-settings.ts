import type { GatedSession } from "../../../gate/index.ts";
import { ProtocolError } from "../codec/index.ts";
import { OWN_PREFIX } from "./settings.ts";

/**
 * Settings that the client gives to the gateway and the server never hears of: `SET sallyport.reason = '...'`,
 * `SET sallyport.approval = 'wait' | 'nowait'`. They are not undone by ROLLBACK.
 */
export class OwnSettings {
	readonly #session: GatedSession;
	waitForApproval = true;

	constructor(session: GatedSession) {
		this.#session = session;
	}

	/** Throws for a name or value that there isn't. */
	check(name: string, value: string | null): void {
		switch (name) {
			case REASON:
				return;
			case APPROVAL:
				if (value === null || value === "wait" || value === "nowait") return;
				throw new ProtocolError("setting_invalid", `sallyport.approval is wait or nowait, not "${value}"`);
			default:
				throw new ProtocolError("setting_invalid", `unrecognized configuration parameter "${name}"`);
		}
	}

	/** The server has done its part of the SET. */
	set(name: string, value: string | null): void {
		if (name === REASON) this.#session.describe({ reason: (value ?? "").slice(0, MAX_REASON) });
		if (name === APPROVAL) this.waitForApproval = value !== "nowait";
	}
}

const REASON = `${OWN_PREFIX}reason`;
const APPROVAL = `${OWN_PREFIX}approval`;
const MAX_REASON = 1_000;

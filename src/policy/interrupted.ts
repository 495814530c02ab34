import { PolicyError } from "./errors.ts";

/** Whether a request ended because somebody asked to look again at once, or to stop. */
export function isInterrupted(signal: AbortSignal, thrown: unknown): boolean {
	if (!signal.aborted || !(thrown instanceof PolicyError)) return false;
	return ["bundle_unreachable", "bundle_truncated", "service_credentials"].includes(thrown.code);
}

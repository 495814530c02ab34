import type { FastifyRequest } from "fastify";
import { ownerOf } from "../access.ts";
import { ControlError } from "../errors.ts";
import type { Caller } from "../guard.ts";
import type { Asker, Channel } from "./channels.ts";

/** The header in which a gateway names its labels: `id=gw-1, env=prod`, values percent-encoded. */
export const LABELS_HEADER = "sallyport-labels";
const MOST_LABELS = 64;

/** Who asks for a bundle: by its own labels where it names them, else by whose token it presents. */
export function askerOf(request: FastifyRequest, caller: Caller, channel: Channel | undefined): Asker {
	const header = request.headers[LABELS_HEADER];
	const labels = readLabels(typeof header === "string" ? header : "");
	return { id: labels["id"] ?? ownerOf(caller.identity.principal), labels, channel: channel ?? null };
}

function readLabels(header: string): Record<string, string> {
	const labels: Record<string, string> = Object.create(null);
	const parts = header.split(",").filter((part) => part.trim() !== "");
	if (parts.length > MOST_LABELS) throw invalid();
	for (const part of parts) {
		const [key = "", value = ""] = part.trim().split("=", 2);
		try {
			labels[decodeURIComponent(key)] = decodeURIComponent(value);
		} catch {
			throw invalid();
		}
	}
	return labels;
}

const invalid = () =>
	new ControlError("request_invalid", `The header ${LABELS_HEADER} does not hold labels as key=value.`);

/** Seconds that the caller would wait for a change, by `Prefer: wait=N`; 0 when it would not. */
export function preferredWait(header: string | string[] | undefined): number {
	const text = Array.isArray(header) ? header.join(",") : (header ?? "");
	return Number(/(?:^|[;,\s])wait=(\d{1,6})(?:$|[;,\s])/.exec(text)?.[1] ?? 0);
}

/** Whether `If-None-Match` names the entity tag; weak ones are compared as strong ones are, as the header asks. */
export function matches(header: string | undefined, etag: string): boolean {
	if (header === undefined) return false;
	return header
		.split(",")
		.some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === `"${etag}"`);
}

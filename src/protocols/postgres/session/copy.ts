import { checkEmpty, decodeCopyFail, Frontend } from "../codec/index.ts";
import type { Parts } from "./parts.ts";

/** True for the messages that carry or end a COPY FROM STDIN. */
export function isCopy(type: number): boolean {
	return type === Frontend.CopyData || type === Frontend.CopyDone || type === Frontend.CopyFail;
}

/** What the client sends while a COPY FROM STDIN is under way. Flush and Sync are ignored, as the server does. */
export function copyIn(parts: Parts, type: number, buffer: Buffer, start: number, end: number): void {
	const { upstream, session, pipeline } = parts;
	switch (type) {
		case Frontend.CopyData: {
			const flow = pipeline.head?.results?.flow;
			if (flow !== undefined) upstream.copyData(flow, buffer, start, end);
			return;
		}
		case Frontend.CopyFail:
			decodeCopyFail(buffer, start, end);
			break;
		case Frontend.CopyDone:
			checkEmpty(buffer, start, end, "CopyDone");
			break;
		case Frontend.Flush:
		case Frontend.Sync:
			return;
		default:
			// Another message ends the COPY with an error, as on the server, and is not looked at.
			return failCopy(parts, `unexpected message type 0x${type.toString(16)} during COPY from stdin`);
	}
	upstream.endCopy(session.protocolPermit, buffer.subarray(start, end));
	ended(parts);
}

/** Ends the COPY by an error: the server fails it with 57014. What still comes of its data is dropped. */
export function failCopy(parts: Parts, reason: string): void {
	parts.upstream.failCopy(parts.session.protocolPermit, reason);
	ended(parts);
}

/** Nothing goes on until the command is over, or asks for data once more: a text may hold several COPYs. */
function ended({ state, upstream, session, pipeline, steps, awaitCopy }: Parts): void {
	state.copyingIn = false;
	if (state.unsynced) upstream.flushRequest(session.protocolPermit);
	const over = pipeline.drained();
	const again = new Promise<void>((resolve) => awaitCopy(resolve));
	steps.waitFor(Promise.race([over, again]));
}

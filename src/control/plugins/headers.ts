import type { FastifyInstance } from "fastify";

/** What every answer carries, so that no browser guesses a type, frames a page, or keeps what a token protects. */
export function installHeaders(app: FastifyInstance): void {
	app.addHook("onSend", async (_request, reply) => {
		reply.header("x-content-type-options", "nosniff");
		reply.header("x-frame-options", "DENY");
		reply.header("referrer-policy", "no-referrer");
		if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
		if (!reply.hasHeader("content-security-policy")) {
			reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
		}
	});
}

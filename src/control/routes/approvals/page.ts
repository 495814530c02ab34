import { createHash } from "node:crypto";
import { APPROVAL_PAGE, APPROVAL_SCRIPT, APPROVAL_STYLE } from "../../pages/approval.ts";
import { IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const POLICY = [
	"default-src 'none'",
	`script-src ${hash(APPROVAL_SCRIPT)}`,
	`style-src ${hash(APPROVAL_STYLE)}`,
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

/**
 * Where the notice of a held command leads. The page is the same text for every request and every visitor: what it
 * shows it fetches with a token that the approver types in, so it neither leaks nor can be made to act for somebody
 * (there is no cookie that a foreign site could ride on).
 */
export function approvalPage(app: App): void {
	app.get(
		"/approvals/:id",
		{
			config: { access: "public" },
			schema: { summary: "The page of a request for approval", params: IdParameters, hide: true },
		},
		async (_request, reply) =>
			reply.type("text/html; charset=utf-8").header("content-security-policy", POLICY).send(APPROVAL_PAGE),
	);
}

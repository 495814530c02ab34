import type { UpstreamSession } from "./connect.ts";
import { UpstreamError } from "./errors.ts";
import { askOnce } from "./messages.ts";

/**
 * What a session behind a pooler in transaction mode has to have in each transaction: what its start-up could not give
 * it, and a search path. `reset_val` is what the server process began with, whatever others have set on it since.
 * @throws UpstreamError for a superuser: it could leave settings behind that no other role may put right
 */
export async function pinnedSettings(session: UpstreamSession): Promise<Readonly<Record<string, string>>> {
	const [[superuser, searchPath] = []] = await askOnce(session.socket, ASK);
	if (superuser !== "f") throw new UpstreamError("upstream_pooled_superuser");
	return { search_path: searchPath ?? "", ...session.settingsLeft };
}

const ASK = `SELECT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER),
	(SELECT s.reset_val FROM pg_catalog.pg_settings s WHERE s.name OPERATOR(pg_catalog.=) 'search_path')`;

import type { AnalysedCommand } from "../../commands/index.ts";
import type { Connection } from "../../connections/index.ts";
import { TargetRefusal } from "../../gate/index.ts";
import { GrammarError } from "./grammar/index.ts";
import type { Database } from "./session/parts.ts";
import { parseNow } from "./session/scope.ts";

/** The server's own default, where neither role nor database has another. */
const DEFAULT_SEARCH_PATH = '"$user", public';

/**
 * Reads a text as a session would that has just begun: the connection's own user, the default search path, nothing
 * prepared, no temporary objects. Throws TargetRefusal for a syntax error.
 */
export async function inEmptySession(
	database: Database,
	connection: Connection,
	text: string,
): Promise<AnalysedCommand> {
	const { keeper, grammar, analyser } = database;
	const catalog = await keeper.current();
	const role = connection.upstream.user;
	const searchPath = await keeper.effectiveSearchPath(role, DEFAULT_SEARCH_PATH);
	const scope = {
		catalog,
		searchPath,
		temporarySchema: null,
		role,
		database: database.name,
		revertible: false,
		parse: (part: string) => parseNow(grammar, part),
		parsePlpgsql: (body: string, header: string) => grammar.plpgsqlNow(body, header),
		prepared: () => undefined,
		cursor: () => undefined,
	};
	try {
		return analyser.analyse(await grammar.parse(text), text, scope, `offline ${catalog.epoch}`).command;
	} catch (thrown) {
		if (thrown instanceof GrammarError && thrown.code === "sql_syntax")
			throw new TargetRefusal({
				code: "42601",
				message: thrown.message,
				hint: null,
				position: thrown.position,
			});
		throw thrown;
	}
}

import type { ClosePortalStmt, DeclareCursorStmt, FetchStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { fail } from "./failures.ts";
import { nest } from "./nesting.ts";
import { running } from "./prepared.ts";
import { type Result, tagOnly } from "./result.ts";

/** Options of the server's parsenodes.h, the same from 14 to 18. */
const BINARY = 0x01;
const SCROLL = 0x02;
const HOLD = 0x20;

/** DECLARE plans and keeps a query; FETCH then runs it, with HOLD the commit does. */
export function cursorStatement(body: DeclareCursorStmt, env: Env): Result {
	const name = body.portalname ?? "";
	const options = body.options ?? 0;
	const hold = (options & HOLD) !== 0;
	const details = { name, hold, scroll: (options & SCROLL) !== 0, binary: (options & BINARY) !== 0 };
	const { result, statement } = nest(body.query, env);
	env.findings.effect("session");
	const shape = { hasWhere: result.hasWhere, whereIsConstant: result.whereIsConstant, limit: result.limit };
	return {
		...tagOnly("declare_cursor", details, { type: "declare", name, hold, statement, text: "" }),
		...shape,
	};
}

export function fetchStatement(body: FetchStmt, env: Env): Result {
	const name = body.portalname ?? "";
	const move = body.ismove === true;
	const kind = move ? "move" : "fetch";
	const control = { type: "fetch", name, move } as const;
	const count = body.howMany === undefined ? 0 : Number(body.howMany);
	const details = { name, direction: (body.direction ?? "").replace("FETCH_", "").toLowerCase(), count };
	env.findings.cacheable = false;
	const held = env.context.scope.cursor(name);
	if (held === undefined) {
		fail(env, "34000", `cursor "${name}" does not exist`, undefined);
		return tagOnly(kind, details, control);
	}
	const result = { ...running(held, env), kind, details, control };
	return move ? { ...result, returns: "nothing", fields: null } : result;
}

export function closeStatement(body: ClosePortalStmt, env: Env): Result {
	env.findings.effect("session");
	env.findings.cacheable = false;
	const name = body.portalname ?? null;
	return tagOnly("close", { name: name ?? "all" }, { type: "close", name });
}

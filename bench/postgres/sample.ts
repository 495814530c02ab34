import type { AnalysedCommand, SqlStatement } from "../../src/commands/index.ts";

/** What the analysis says of pgbench's SELECT; `test/cases/postgres-analysis` holds the analysis to such results. */
const STATEMENT: SqlStatement = {
	kind: "select",
	effects: ["read"],
	effect: "read",
	relations: [
		{
			schema: "public",
			name: "pgbench_accounts",
			kind: "table",
			temporary: false,
			access: ["select"],
			via: [],
		},
	],
	columns: [
		{
			schema: "public",
			table: "pgbench_accounts",
			name: "abalance",
			use: ["output"],
			equality_only: false,
			null_only: false,
			stored: false,
			flows: ["direct"],
		},
		{
			schema: "public",
			table: "pgbench_accounts",
			name: "aid",
			use: ["predicate"],
			equality_only: true,
			null_only: false,
			stored: false,
			flows: [],
		},
	],
	functions: [
		{
			schema: "pg_catalog",
			name: "int4eq",
			volatility: "immutable",
			language: "internal",
			security_definer: false,
			via: ["operator"],
		},
	],
	has_where: true,
	where_is_constant: false,
	limit: null,
	opaque: false,
	opaque_reasons: [],
	details: {},
	nested: [],
};

const STATEMENTS = [STATEMENT];
const HEAD = JSON.stringify({
	principal: {
		subject: "agent-7",
		kind: "agent",
		provider: "static",
		issuer: "static",
		email: null,
		groups: ["agents"],
		claims: {},
		on_behalf_of: null,
	},
	connection: { name: "orders", type: "postgres", labels: { env: "prod" } },
	session: {
		id: "01jdhq3v6m0000000000000000",
		started_at: "2026-11-26T10:00:00.000Z",
		client_address: "127.0.0.1",
		client_application: "pgbench",
		reason: "",
		startup: { user: "bench", settings: { application_name: "pgbench" }, options: "" },
	},
	time: { rfc3339: "2026-11-26T10:00:00.000Z", unix: 1_795_687_200, weekday: "Thursday", hour: 10 },
	approvals: [],
}).slice(0, -1);

/** The policy's input for `SELECT ... WHERE aid = N`, another text each time. */
export function sampleInput(number: number): string {
	return `${HEAD},"command":${analysedSelect(number).head},"stage":"execute","parameters":[]}}`;
}

export function analysedSelect(number: number): AnalysedCommand {
	const text = `SELECT abalance FROM pgbench_accounts WHERE aid = ${number};`;
	const tail = `,${JSON.stringify({ fingerprint: "a0b1c2d3e4f50617", statements: STATEMENTS, writes: [] }).slice(1, -1)}`;
	const quotedText = JSON.stringify(text);
	return {
		text,
		quotedText,
		fingerprint: "a0b1c2d3e4f50617",
		head: `{"type":"sql","dialect":"postgres","text":${quotedText}${tail}`,
		tail,
		statements: STATEMENTS,
		writes: [],
		results: [{ returns: "rows", output: [], writes: false }],
		unresolved: null,
		redactions: [],
		constants: () => [],
		runs: [],
		scope: () => "",
		relation: () => null,
	};
}

import { type SessionInput, type SqlStatement, timeContext } from "../../commands/index.ts";
import type { Static } from "../../lib/index.ts";
import type { AdminInput, CommandInput } from "../input.ts";

type Principal = Static<typeof SessionInput>["principal"];
type Command = Static<typeof CommandInput>["command"];

const agent: Principal = {
	subject: "trial",
	kind: "agent",
	provider: "sallyport",
	issuer: "sallyport",
	email: null,
	groups: [],
	claims: {},
	on_behalf_of: null,
};

const PRINCIPALS: readonly Principal[] = [
	agent,
	{ ...agent, kind: "service", groups: ["agents", "admins"], claims: { roles: ["reader"], level: 3 } },
	{ ...agent, kind: "human", email: "trial@example.org", groups: ["approvers"] },
	{ ...agent, on_behalf_of: { subject: "somebody", provider: "sallyport", issuer: "sallyport" } },
];

function sessionInput(principal: Principal): Static<typeof SessionInput> {
	return {
		principal,
		connection: { name: "trial", type: "postgres", labels: { env: "trial" } },
		session: {
			id: "trial",
			started_at: "1970-01-01T00:00:00.000Z",
			client_address: "127.0.0.1",
			client_application: "",
			reason: "",
			startup: { user: "trial", settings: {}, options: "" },
		},
		time: timeContext(0),
		approvals: [],
	};
}

const read: SqlStatement = {
	kind: "select",
	effects: ["read"],
	effect: "read",
	relations: [
		{
			schema: "public",
			name: "trial",
			kind: "table",
			temporary: false,
			access: ["select"],
			via: ["public.v"],
		},
	],
	columns: [
		{
			schema: "public",
			table: "trial",
			name: "id",
			use: ["output", "predicate"],
			equality_only: true,
			null_only: false,
			flows: ["direct"],
			stored: true,
		},
	],
	functions: [],
	has_where: true,
	where_is_constant: false,
	limit: 1,
	opaque: false,
	opaque_reasons: [],
	details: {},
	nested: [],
};

const write: SqlStatement = {
	...read,
	kind: "delete",
	effects: ["read", "write"],
	effect: "write",
	relations: [{ ...read.relations[0], access: ["delete"] } as SqlStatement["relations"][number]],
	has_where: false,
	limit: null,
	nested: [read],
};

const opaque: SqlStatement = {
	...read,
	kind: "do",
	effects: ["execute", "unknown"],
	effect: "unknown",
	relations: [],
	columns: [],
	opaque: true,
	opaque_reasons: ["a trial"],
};

const command: Command = {
	type: "sql",
	dialect: "postgres",
	stage: "execute",
	text: "SELECT 1",
	fingerprint: "",
	parameters: [],
	statements: [{ ...read, relations: [], columns: [], has_where: false, limit: null }],
	writes: [],
};

const COMMANDS: readonly Command[] = [
	command,
	{ ...command, statements: [read] },
	{ ...command, stage: "parse", parameters: null, statements: [read] },
	{
		...command,
		text: "DELETE FROM public.trial",
		statements: [write],
		writes: [{ relation: "public.trial", op: "delete", has_where: false, where_is_constant: false }],
	},
	{ ...command, text: "DO ''", statements: [opaque, read] },
	{ ...command, statements: [{ ...read, kind: "create_table", effects: ["schema"], effect: "schema" }] },
	{
		...command,
		parameters: [
			{ type: "int4", format: "text", value: "1", null: false, bytes: 1, truncated: false, sha256: null },
			{ type: "text", format: "binary", value: null, null: true, bytes: 0, truncated: false, sha256: null },
		],
	},
];

const ADMIN_ACTIONS = ["status:read", "bundle:push", "approvals:approve", "sessions:kill", "tokens:create"];

/** Well-formed inputs of every entrypoint: a policy has to answer each of them, whatever it answers. */
export const TRIAL_INPUTS = {
	session: PRINCIPALS.map((principal) => JSON.stringify(sessionInput(principal))),
	command: PRINCIPALS.flatMap((principal) =>
		COMMANDS.map((each) => JSON.stringify({ ...sessionInput(principal), command: each })),
	),
	admin: PRINCIPALS.flatMap((principal) =>
		ADMIN_ACTIONS.map((action) => {
			const input: AdminInput = {
				principal,
				action,
				resource: { type: "trial", id: "", owner: null, connection: null, labels: {} },
				time: timeContext(0),
				client_address: "127.0.0.1",
			};
			return JSON.stringify(input);
		}),
	),
} as const;

import { type SessionInput, timeContext } from "../../commands/index.ts";
import type { Static } from "../../lib/index.ts";
import type { ActivePolicy } from "../active.ts";
import { PolicyError } from "../errors.ts";
import type { AdminInput, CommandInput } from "../input.ts";

const principal = {
	subject: "smoke-test",
	kind: "agent",
	provider: "sallyport",
	issuer: "sallyport",
	email: null,
	groups: [],
	claims: {},
	on_behalf_of: null,
} as const;

const session: Static<typeof SessionInput> = {
	principal: { ...principal, groups: [] },
	connection: { name: "smoke-test", type: "postgres", labels: {} },
	session: {
		id: "smoke-test",
		started_at: "1970-01-01T00:00:00.000Z",
		client_address: "127.0.0.1",
		client_application: "",
		reason: "",
		startup: { user: "smoke-test", settings: {}, options: "" },
	},
	time: timeContext(0),
	approvals: [],
};

const command: Static<typeof CommandInput> = {
	...session,
	command: {
		type: "sql",
		dialect: "postgres",
		stage: "execute",
		text: "SELECT 1",
		fingerprint: "",
		parameters: [],
		statements: [
			{
				kind: "select",
				effects: ["read"],
				effect: "read",
				relations: [],
				columns: [],
				functions: [],
				has_where: false,
				where_is_constant: false,
				limit: null,
				opaque: false,
				opaque_reasons: [],
				details: {},
				nested: [],
			},
		],
		writes: [],
	},
};

const admin: AdminInput = {
	principal: { ...principal, groups: [] },
	action: "status:read",
	resource: { type: "status", id: "", owner: null, connection: null, labels: {} },
	time: timeContext(0),
	client_address: "127.0.0.1",
};

/**
 * Asks each entrypoint once, before a policy is activated. What it answers does not matter, that it answers does.
 * Throws PolicyError bundle_smoke.
 */
export function smokeTest(policy: ActivePolicy): void {
	try {
		policy.decideSession(JSON.stringify(session));
		policy.decideCommand(JSON.stringify(command));
		policy.decideAdmin(JSON.stringify(admin));
	} catch (thrown) {
		if (!(thrown instanceof PolicyError)) throw thrown;
		throw new PolicyError("bundle_smoke", undefined, {
			operator: `${thrown.code}: ${thrown.operator ?? thrown.message}`,
			cause: thrown,
		});
	}
}

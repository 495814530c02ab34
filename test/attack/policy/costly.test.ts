/** A policy that goes wrong on one input, through a real gateway: that input is denied in time, the others are not. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openSession } from "../../acceptance/client.ts";
import { type RunningGateway, startGateway } from "../../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../../support/postgres.ts";

/** Each goes wrong on a command whose text says so, and on no other. */
const COSTLY = `package sallyport.command

deny contains {"rule": "loops"} if {
	contains(input.command.text, "loops")
	some a in numbers.range(1, 5000)
	some b in numbers.range(1, 5000)
	a * b == -1
}

deny contains {"rule": "memory"} if {
	contains(input.command.text, "memory")
	some i in numbers.range(1, 100000)
	count(concat("", [sprintf("%0100000d", [i]) | some j in numbers.range(1, 100000); j > 0])) < 0
}

deny contains {"rule": "throws"} if {
	contains(input.command.text, "throws")
	to_number(input.command.text) > 0
}

deny contains {"rule": "conflict"} if {
	contains(input.command.text, "conflict")
	conflicting(1) == 3
}

conflicting(x) := x

conflicting(x) := x + 1

# About 60,000 units: more than one connection's budget and less than the other's.
deny contains {"rule": "heavy"} if {
	contains(input.command.text, "heavy")
	some a in numbers.range(1, 3000)
	a < 0
}
`;

describe("a policy that goes wrong on one input", () => {
	let server: RunningPostgres;
	let gateway: RunningGateway;
	before(async () => {
		server = await startPostgres();
		const { host, port, database, user } = server;
		const upstream = {
			host,
			port,
			database,
			user,
			...("password" in server ? { password: server.password } : {}),
		};
		gateway = await startGateway({
			upstream: server,
			policy: { files: { "costly.rego": COSTLY } },
			config: {
				connections: [
					{ name: "orders", type: "postgres", labels: {}, upstream },
					{ name: "scarce", type: "postgres", labels: {}, upstream, decision_budget: 10_000 },
				],
			},
		});
	});
	after(async () => {
		await gateway?.stop();
		await server?.stop();
	});

	for (const [what, message] of [
		["loops", "exceeded its budget"],
		["memory", "exceeded its budget"],
		["throws", "builtin function failed"],
		["conflict", "evaluation was aborted"],
	] as const) {
		it(`${what}: that input is denied within its limit, other sessions go on`, async () => {
			const [one, other] = await Promise.all([openSession(gateway), openSession(gateway)]);
			try {
				const started = performance.now();
				const denied = one.failure(`SELECT 1 /* ${what} */`);
				const meanwhile = other.value("SELECT 2");
				const failure = await denied;
				assert.equal(await meanwhile, 2);
				assert.equal(failure?.code, "42501");
				assert.match(failure?.message ?? "", new RegExp(message));
				assert.ok(performance.now() - started < 5_000);
				assert.equal(await one.value("SELECT 3"), 3, "the same session goes on as well");
			} finally {
				await Promise.all([one.close(), other.close()]);
			}
		});
	}

	it("a connection has a budget of its own", async () => {
		const rich = await openSession(gateway);
		const scarce = await openSession({ ...gateway, database: "scarce" as "orders" });
		try {
			assert.equal(await rich.value("SELECT 1 /* heavy */"), 1);
			assert.match((await scarce.failure("SELECT 1 /* heavy */"))?.message ?? "", /exceeded its budget/);
			assert.equal(await scarce.value("SELECT 1"), 1);
		} finally {
			await Promise.all([rich.close(), scarce.close()]);
		}
	});
});

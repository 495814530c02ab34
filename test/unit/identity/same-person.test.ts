import assert from "node:assert/strict";
import { test } from "node:test";
import { samePerson } from "../../../src/identity/index.ts";
import { makePrincipal } from "../../support/people.ts";

const issuer = "https://id.corp.test";
const dana = makePrincipal({ subject: "dana", kind: "human" });
const danaBehind = { subject: "dana", provider: "corp", issuer };
const ownedByDana = { sallyport: { token: "t", owners: [{ ...danaBehind, email: "dana@corp.test" }] } };

const cases: [string, ReturnType<typeof makePrincipal>, ReturnType<typeof makePrincipal>, boolean][] = [
	["the same issuer and subject", dana, makePrincipal({ subject: "dana" }), true],
	[
		"the same issuer and subject under another provider's name",
		dana,
		makePrincipal({ subject: "dana", provider: "x" }),
		true,
	],
	["another subject", dana, makePrincipal({ subject: "erin" }), false],
	[
		"the same subject of another issuer",
		dana,
		makePrincipal({ subject: "dana", issuer: "https://other" }),
		false,
	],
	["an agent on her behalf", dana, makePrincipal({ on_behalf_of: danaBehind }), true],
	[
		"two agents on her behalf",
		makePrincipal({ subject: "a", on_behalf_of: danaBehind }),
		makePrincipal({ subject: "b", on_behalf_of: danaBehind }),
		true,
	],
	[
		"a token that she made",
		dana,
		makePrincipal({ provider: "api", issuer: "sallyport", claims: ownedByDana }),
		true,
	],
	[
		"a token that she made and an agent on her behalf",
		makePrincipal({ claims: ownedByDana }),
		makePrincipal({ subject: "b", on_behalf_of: danaBehind }),
		true,
	],
	[
		"an account elsewhere with her e-mail",
		makePrincipal({ subject: "1", email: "Dana@Corp.test" }),
		makePrincipal({ subject: "2", issuer: "https://okta", email: "dana@corp.test" }),
		true,
	],
	[
		"her token and her account elsewhere",
		makePrincipal({ claims: ownedByDana }),
		makePrincipal({ subject: "2", issuer: "https://okta", email: "dana@corp.test" }),
		true,
	],
	["two without an e-mail", makePrincipal({ subject: "a" }), makePrincipal({ subject: "b" }), false],
];

for (const [what, a, b, same] of cases) {
	test(`${what}: ${same ? "one person" : "two people"}`, () => {
		assert.equal(samePerson(a, b), same);
		assert.equal(samePerson(b, a), same);
	});
}

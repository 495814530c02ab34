import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRules, libraryNames } from "../../../src/policy/build/check-rules.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { libraryDirectory } from "../../../src/policy/build/package-root.ts";
import { parseRego } from "../../../src/policy/build/parse.ts";
import { directoryOf } from "./support.ts";

const opa = await Opa.find();
const names = await libraryNames(opa, libraryDirectory());

interface Case {
	readonly name: string;
	readonly rego: string;
	/** The line and words of each complaint, in order. */
	readonly complaints: readonly (readonly [line: number, words: RegExp])[];
}

const command = (rule: string): string => `package sallyport.command\n\n${rule}\n`;

const CASES: readonly Case[] = [
	{
		name: "rules in the sets and helpers under new names are what a policy is made of",
		rego: command(
			'deny contains {"rule": "r", "message": m, "remedy": "x"} if m := helper("a")\n\nhelper(x) := x\n\na.b := 1',
		),
		complaints: [],
	},
	{
		name: "an element may be computed",
		rego: command('limit contains element if element := object.union({"rule": "r"}, {"max_rows": 1})'),
		complaints: [],
	},
	{
		name: "packages of one's own are free",
		rego: "package payments.lib\n\ndecision := 1\n\nallow := true\n",
		complaints: [],
	},
	{
		name: "the decision is not a user's",
		rego: command('decision := {"action": "allow"}'),
		complaints: [[3, /`decision` is the library's/]],
	},
	{
		name: "nor is a default of it",
		rego: command('default decision := {"action": "allow"}'),
		complaints: [[3, /`decision` is the library's/]],
	},
	{
		name: "nor is any helper of the library",
		rego: command("granted contains 1\n\naction := 2\n\nsafe_defaults_permit(_) := true"),
		complaints: [
			[3, /sallyport\.command\.granted is the library's/],
			[5, /sallyport\.command\.action is the library's/],
			[7, /safe_defaults_permit is the library's/],
		],
	},
	{
		name: "a set is not assigned, defaulted, made a function or an object",
		rego: command(
			'deny := set()\n\ndefault allow := true\n\nmask(x) := x\n\nlimit[x] := 1 if x := "a"\n\nallow.x contains 1',
		),
		complaints: [
			[3, /nothing else adds to deny/],
			[5, /nothing else adds to allow/],
			[7, /nothing else adds to mask/],
			[9, /nothing else adds to limit/],
			[11, /nothing else adds to allow/],
		],
	},
	{
		name: "packages of the library are closed",
		rego: 'package sallyport.sql\n\neffects contains "read"\n',
		complaints: [[1, /package sallyport\.sql belongs to the library/]],
	},
	{
		name: "so is the package above them, from which a rule could reach into them",
		rego: "package sallyport\n\ncommand.decision := 1\n",
		complaints: [[1, /package sallyport belongs to the library/]],
	},
	{
		name: "and one below them",
		rego: "package sallyport.command.deny\n\nx := 1\n",
		complaints: [[1, /package sallyport\.command\.deny belongs to the library/]],
	},
	{
		name: "a misspelt field is found where the element is written out",
		rego: command('deny contains {"rule": "r", "mesage": "m"} if true'),
		complaints: [[3, /an element of deny has no field "mesage"; it may have rule, message, remedy/]],
	},
	{
		name: "an element without a rule's name is found too",
		rego: command('mask contains {"columns": ["a.b.c"]} if true'),
		complaints: [[3, /names its "rule"/]],
	},
	{
		name: "an element that is no object is found too",
		rego: command('deny contains "no" if true'),
		complaints: [[3, /an element of deny is an object/]],
	},
	{
		name: "sessions and the control plane have no masks, which nothing would apply",
		rego: 'package sallyport.session\n\nmask contains {"rule": "r", "columns": []} if true\n',
		complaints: [[3, /a decision about a session has no mask/]],
	},
	{
		name: "entrypoints and schemas are the library's",
		rego: '# METADATA\n# schemas:\n#   - input: schema.command.input\npackage sallyport.command\n\n# METADATA\n# entrypoint: true\ndeny contains {"rule": "r"} if true\n',
		complaints: [
			[1, /only the library names schemas/],
			[6, /only the library has entrypoints/],
		],
	},
];

for (const { name, rego, complaints } of CASES) {
	test(name, async (context) => {
		const directory = await directoryOf(context, { "policy.rego": rego });
		const file = { shown: `${directory}/policy.rego`, relative: "policy.rego" };
		const { problems } = checkRules(file, await parseRego(opa, file), names);
		assert.deepEqual(
			problems.map(({ line }) => line),
			complaints.map(([line]) => line),
			JSON.stringify(problems),
		);
		for (const [index, [, words]] of complaints.entries())
			assert.match(problems[index]?.message ?? "", words);
	});
}

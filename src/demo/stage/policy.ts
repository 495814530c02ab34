import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	buildOrPrebuilt,
	libraryDirectory,
	Opa,
	republish,
	type SigningKey,
} from "../../policy/build/index.ts";

/** A signed bundle, ready to be pushed. */
export interface PolicyBundle {
	readonly revision: string;
	readonly archive: Buffer;
	/** Compiled beforehand from the same sources, because there is no `opa` here. */
	readonly prebuilt: boolean;
}

/** The demo's policy, as somebody who writes one has it: directories, a test run, a key. */
export interface PolicyWorkshop {
	/** The key that gateways verify bundles with. */
	readonly publicKey: string;
	/** The one that bundles are signed with: whoever edits the policy has it. */
	readonly privateKey: string;
	/** The directories of the shop's policy, and of that with the rule that step 5 adds. */
	readonly directories: { readonly base: readonly string[]; readonly edited: readonly string[] };
	/** The shop's policy. */
	buildBase(): Promise<PolicyBundle>;
	/** The same with the rule that step 5 adds. */
	buildEdited(): Promise<PolicyBundle>;
	/** A bundle's content again, numbered above all that were made before. */
	again(bundle: PolicyBundle): Promise<PolicyBundle>;
	/** The rule that step 5 adds, as it is written. */
	readonly edit: { readonly file: string; readonly text: string };
	/** What `opa test` says of the edited policy; undefined where there is no `opa`. Throws when a test fails. */
	test(): Promise<string | undefined>;
}

const EDIT = "payments.rego";

export function openPolicyWorkshop(): PolicyWorkshop {
	const sources = join(libraryDirectory(), "..", "tools", "demo");
	const base = [join(sources, "policy")];
	const edited = [...base, join(sources, "edit")];
	const { privateKey, publicKey } = generateKeyPairSync("ec", {
		namedCurve: "P-256",
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
		publicKeyEncoding: { type: "spki", format: "pem" },
	});
	const signKey: SigningKey = { pem: privateKey };
	return {
		...{ publicKey, privateKey, directories: { base, edited } },
		buildBase: () => buildOrPrebuilt({ dirs: base, signKey }),
		buildEdited: () => buildOrPrebuilt({ dirs: edited, signKey }),
		again: async (bundle) => ({ ...bundle, ...(await republish(bundle.archive, { signKey })) }),
		edit: { file: EDIT, text: readFileSync(join(sources, "edit", EDIT), "utf8") },
		test: async () => {
			const opa = await Opa.find({ install: false }).catch(() => undefined);
			return (await opa?.run(["test", libraryDirectory(), ...edited]))?.trim();
		},
	};
}

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { quantile } from "../postgres/statistics.ts";

const VERSION = "4.13.0";
const ROUNDS = 5_000;

interface Cedar {
	isAuthorized(call: object): { readonly type: string; readonly response?: { readonly decision: string } };
}

const POLICIES = `permit(principal, action == Action::"read", resource);
forbid(principal, action, resource) when { context.effects.contains("schema") };
forbid(principal, action, resource) when { context.unbounded };`;

/**
 * Cedar's engine compiled to WebAssembly, installed for this alone into a per-user cache. It is no Rego: its three rules
 * are about the same as three of the shipped ones, so this is an order of magnitude and no more. Or why it is missing.
 */
export async function cedarFigures(): Promise<{ readonly p50: number } | string> {
	let cedar: Cedar;
	try {
		cedar = createRequire(join(install(), "package.json"))("@cedar-policy/cedar-wasm/nodejs") as Cedar;
	} catch (thrown) {
		return `can't be had here (${(thrown as Error).message.split("\n")[0]})`;
	}
	const times: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const call = {
			principal: { type: "Agent", id: "agent-7" },
			action: { type: "Action", id: "read" },
			resource: { type: "Table", id: `orders-${round}` },
			context: { effects: ["read"], unbounded: false },
			policies: { staticPolicies: POLICIES },
			entities: [],
		};
		const started = performance.now();
		const answer = cedar.isAuthorized(call);
		times.push((performance.now() - started) * 1_000);
		if (answer.response?.decision !== "allow") return `it answered ${JSON.stringify(answer).slice(0, 100)}`;
	}
	return { p50: quantile(times.slice(ROUNDS / 5), 0.5) };
}

function install(): string {
	const directory = join(
		process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
		"sallyport",
		"bench",
		`cedar-${VERSION}`,
	);
	if (!existsSync(join(directory, "node_modules", "@cedar-policy", "cedar-wasm"))) {
		mkdirSync(directory, { recursive: true });
		const args = [
			"install",
			"--no-save",
			"--ignore-scripts",
			"--prefix",
			directory,
			`@cedar-policy/cedar-wasm@${VERSION}`,
		];
		execFileSync("npm", args, { stdio: "ignore", timeout: 120_000 });
	}
	return directory;
}

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Narrator } from "./output/narrator.ts";
import { CONNECTION } from "./stage/gateway.ts";
import type { Stage } from "./stage/stage.ts";

/** What to try while the demo stays up: lines to paste, where to look, how to stop. */
export function invite({ gateway, directory, bundles, workshop }: Stage, narrator: Narrator): void {
	const { port, agent, approver, controlUrl } = gateway;
	const say = (text = "") => narrator.line(text);
	say();
	narrator.title("It is yours to try. As the agent, with psql:");
	say();
	say(`PGPASSWORD=${agent.token} psql "host=127.0.0.1 port=${port} dbname=${CONNECTION} user=${agent.name}"`);
	say();
	narrator.title("or with Node:");
	say();
	say("node --input-type=module -e '");
	say(`import pg from "${pgModule()}";`);
	say(`const client = new pg.Client({ host: "127.0.0.1", port: ${port}, database: "${CONNECTION}",`);
	say(`  user: "${agent.name}", password: "${agent.token}" });`);
	say("await client.connect();");
	say('console.table((await client.query("SELECT name, email, city FROM customers LIMIT 5")).rows);');
	say("await client.end();'");
	say();
	narrator.title(`The control plane, as ${approver.name}, who approves and audits:`);
	say();
	say(`export SALLYPORT_URL=${controlUrl} SALLYPORT_TOKEN=${approver.token}`);
	say("npx sallyport approvals ls        # then: approvals approve ID");
	say("npx sallyport sessions ls         # then: sessions replay ID");
	say();
	const signKey = join(directory, "sign.pem");
	writeFileSync(signKey, workshop.privateKey, { mode: 0o600 });
	narrator.title(
		"The policy, as petra, who writes it (a rule, its test, what it would have changed, into force):",
	);
	say();
	say(`opa test policies ${workshop.directories.edited.map(quote).join(" ")}`);
	const candidate = join(directory, "candidate.tar.gz");
	say(
		`npx sallyport bundle build ${workshop.directories.edited.map(quote).join(" ")} --sign-key ${signKey} -o ${candidate}`,
	);
	say(`npx sallyport policy impact --candidate ${candidate}`);
	const petra = `SALLYPORT_URL=${bundles.url} SALLYPORT_TOKEN=${bundles.pushToken}`;
	say(`${petra} npx sallyport bundle push shop ${candidate}`);
	say(`${petra} npx sallyport bundle rollback shop --sign-key ${signKey}`);
	say();
	say(`Control URL   ${controlUrl}`);
	say(`Gateway log   ${gateway.logFile}`);
	say(`Its files     ${directory}`);
	say("Stop          Ctrl-C, which removes all of it");
}

/** A path as it stands on a command line: shorter below the directory that we were started in. */
const quote = (path: string): string => relative(process.cwd(), path) || path;

/** How a program in the directory that we were started in imports node-postgres. */
function pgModule(): string {
	try {
		createRequire(join(process.cwd(), "x.js")).resolve("pg");
		return "pg";
	} catch {
		return pathToFileURL(createRequire(import.meta.url).resolve("pg")).href;
	}
}

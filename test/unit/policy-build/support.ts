import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes a policy directory of these files, gone when the test ends; returns its path. */
export async function directoryOf(
	context: { after(work: () => Promise<void>): void },
	files: Readonly<Record<string, string>>,
): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), "sallyport-test-"));
	context.after(() => rm(directory, { recursive: true, force: true }));
	for (const [name, content] of Object.entries(files)) {
		await mkdir(dirname(join(directory, name)), { recursive: true });
		await writeFile(join(directory, name), content);
	}
	return directory;
}

/** A command's input: an agent's `SELECT name FROM customers`, but for the statement's fields given. */
export function commandInput(statement: object = {}, writes: readonly object[] = []): object {
	return {
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
			id: "s1",
			started_at: "2026-11-26T10:00:00Z",
			client_address: "127.0.0.1",
			client_application: "psql",
			reason: "",
			startup: { user: "orders", settings: {}, options: "" },
		},
		time: { rfc3339: "2026-11-26T10:00:00Z", unix: 1_795_687_200, weekday: "Thursday", hour: 10 },
		approvals: [],
		command: {
			type: "sql",
			dialect: "postgres",
			stage: "execute",
			text: "SELECT name FROM customers",
			fingerprint: "",
			parameters: [],
			statements: [
				{
					kind: "select",
					effects: ["read"],
					effect: "read",
					relations: [
						{
							schema: "public",
							name: "customers",
							kind: "table",
							temporary: false,
							access: ["select"],
							via: [],
						},
					],
					columns: [],
					functions: [],
					has_where: false,
					where_is_constant: false,
					limit: null,
					opaque: false,
					opaque_reasons: [],
					details: {},
					nested: [],
					...statement,
				},
			],
			writes,
		},
	};
}

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { timeContext } from "../../../src/commands/index.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { readBundle } from "../../../src/policy/bundle/bundle.ts";
import type { BundleLimits } from "../../../src/policy/bundle/files.ts";
import { type EngineLimits, openPolicy } from "../../../src/policy/index.ts";
import { resolveOpa } from "../../../tools/opa.mjs";

export const run = promisify(execFile);
export const LIMITS: BundleLimits = { bytes: 64 << 20, entries: 1000, depth: 16 };

/** A folder of the test's own, removed by the returned function. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
	const path = await mkdtemp(join(tmpdir(), "sallyport-policy-"));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

const COMMAND = `package sallyport.command

# METADATA
# entrypoint: true
decision := {
	"action": action,
	"reasons": [r | some r in deny],
	"masks": [], "filters": [],
	"approvals": [],
	"limits": {"max_rows": null, "max_bytes": null, "timeout": null},
	"record": "full",
}

default action := "allow"

action := "deny" if count(deny) > 0

deny contains {"rule": "ddl", "message": "no", "remedy": null} if input.command.kind == "ddl"
`;

const access = (name: string) => `package sallyport.${name}

# METADATA
# entrypoint: true
decision := {"action": "allow", "reasons": []}
`;

/** A policy with the three entrypoints; `command` is appended to the command package. */
export function sources(command = ""): Record<string, string> {
	return {
		"command.rego": COMMAND + command,
		"session.rego": access("session"),
		"admin.rego": access("admin"),
	};
}

/** Builds a bundle's tarball with `opa build -t wasm` of these files; `extra` are further arguments. */
export async function build(
	files: Readonly<Record<string, string>>,
	extra: readonly string[] = [],
): Promise<Buffer> {
	const folder = await temporaryFolder();
	try {
		for (const [path, content] of Object.entries(files)) {
			const file = join(folder.path, "bundle", path);
			await mkdir(dirname(file), { recursive: true });
			await writeFile(file, content);
		}
		const output = join(folder.path, "bundle.tar.gz");
		const opa = await resolveOpa({ quiet: true });
		await run(opa, ["build", "-t", "wasm", "--prune-unused", "-o", output, ...extra, "-b", "."], {
			cwd: join(folder.path, "bundle"),
		});
		return await readFile(output);
	} finally {
		await folder.remove();
	}
}

/** A gzipped tarball of entries, in their order. */
export async function tarball(
	entries: readonly (readonly [Partial<Header> & { name: string }, Buffer | string])[],
): Promise<Buffer> {
	const packer = pack();
	for (const [header, content] of entries) packer.entry(header, content);
	packer.finalize();
	const chunks: Buffer[] = [];
	for await (const chunk of packer) chunks.push(chunk as Buffer);
	return gzipSync(Buffer.concat(chunks));
}

/** The same bundle with other files; undefined takes one away. */
export async function changed(
	archive: Buffer,
	changes: Readonly<Record<string, string | Buffer | undefined>>,
): Promise<Buffer> {
	const files = new Map<string, string | Buffer | undefined>(await readArchive(archive, LIMITS));
	for (const [path, content] of Object.entries(changes)) files.set(path, content);
	const kept = [...files].flatMap(([name, content]) =>
		content === undefined ? [] : [[{ name }, content] as const],
	);
	return await tarball(kept);
}

/** The same bundle with another manifest: fields are replaced. */
export async function withManifest(archive: Buffer, fields: object): Promise<Buffer> {
	const manifest = (await readArchive(archive, LIMITS)).get(".manifest")?.toString("utf8") ?? "{}";
	return await changed(archive, { ".manifest": JSON.stringify({ ...JSON.parse(manifest), ...fields }) });
}

export async function open(archive: Buffer, limits?: EngineLimits) {
	const bundle = readBundle(await readArchive(archive, LIMITS), undefined);
	return await openPolicy(bundle, limits === undefined ? {} : { limits });
}

/** An input for the small policies here: `fields` beside the time. */
export function input(fields: object = {}): string {
	return JSON.stringify({ time: timeContext(1_700_000_000_000), ...fields });
}

/** For assert.throws and rejects: a PolicyError's code, and what its operator's half says. */
export function policyError(code: string, operator?: RegExp) {
	return (thrown: unknown): boolean => {
		const error = thrown as { code?: string; operator?: string; message: string };
		if (error.code !== code) throw thrown;
		return operator === undefined || operator.test(error.operator ?? "");
	};
}

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { attempt } from "../../../tools/setup/command.mjs";
import { withLock } from "../../../tools/setup/lock.mjs";
import { cache } from "../../../tools/setup/places.mjs";
import { during } from "../../../tools/setup/progress.mjs";

const PSYCOPG = ["psycopg[binary]==3.3.9"];

/** With what they bring along, so that each is pinned. */
const ALEMBIC = [
	...[
		"SQLAlchemy==2.1.9",
		"alembic==1.20.1",
		"Mako==1.4.3",
		"MarkupSafe==3.0.4",
		"typing_extensions==4.16.0",
	],
	...PSYCOPG,
];

export const pythonWithPsycopg = (): Promise<string> => pythonWith("psycopg", "3.3.9", PSYCOPG);

/** SQLAlchemy with Alembic, on psycopg. */
export const pythonWithAlembic = (): Promise<string> => pythonWith("alembic", "1.20.1", ALEMBIC);

/**
 * A Python that has these packages, in an environment of its own: made once, and made again when its Python is gone.
 * Throws with what to do when there is no Python.
 */
async function pythonWith(name: string, version: string, packages: readonly string[]): Promise<string> {
	const home = cache(name, version);
	const python = join(home, "bin", "python");
	if (existsSync(python)) return python;
	return withLock(`${name}-${version}`, async () => {
		if (!existsSync(python))
			await during(`Installing ${packages.join(" ")} (pip)`, () => make(home, packages));
		return python;
	});
}

async function make(home: string, packages: readonly string[]): Promise<void> {
	rmSync(home, { recursive: true, force: true });
	mkdirSync(dirname(home), { recursive: true });
	// The marker of a complete environment is its name, so it is made under another one. The programs in it would
	// then have the wrong first line, all but the interpreter, which is the only one that is used.
	const making = `${home}.${process.pid}`;
	try {
		const made = await attempt("python3", ["-m", "venv", making]);
		if (!made.ok) {
			throw new Error(
				`python3 -m venv failed:\n${made.output}\nInstall Python 3.10 or newer with its venv module.`,
			);
		}
		const args = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", ...packages];
		const { ok, output } = await attempt(join(making, "bin", "python"), args);
		if (!ok)
			throw new Error(`pip install ${packages.join(" ")} failed:\n${output}\nIs PyPI reachable from here?`);
		renameSync(making, home);
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
}

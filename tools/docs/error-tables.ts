import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { ErrorTable } from "../../src/lib/index.ts";

const SOURCES = join(import.meta.dirname, "..", "..", "src");

export interface RoomTable {
	/** The folder that the table stands in, as `protocols/postgres/codec`. */
	readonly room: string;
	readonly table: ErrorTable;
}

/** Every room's error table, found by its file's name (`errors.ts`) and its export's (`..._ERRORS`). */
export async function errorTables(): Promise<RoomTable[]> {
	const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
		.filter((file) => /(^|\/)errors\.ts$/.test(file))
		.sort();
	const tables: RoomTable[] = [];
	for (const file of files) {
		const module = (await import(join(SOURCES, file))) as Record<string, unknown>;
		for (const [name, value] of Object.entries(module)) {
			if (name.endsWith("_ERRORS"))
				tables.push({ room: relative(".", join(file, "..")), table: value as ErrorTable });
		}
	}
	return tables;
}

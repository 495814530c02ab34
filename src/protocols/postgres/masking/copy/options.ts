import type { SqlStatement } from "../../../../commands/index.ts";

/** The form of a COPY's lines, as its options say. */
export interface CopyForm {
	readonly format: "text" | "csv" | "binary";
	readonly delimiter: number;
	/** What stands for NULL. */
	readonly nullMark: Buffer;
	readonly header: boolean;
	readonly quote: number;
	readonly escapeBy: number;
}

/** `COPY ... TO` with its defaults; null for options whose meaning is not known here. */
export function copyForm({ details }: Pick<SqlStatement, "details">): CopyForm | null {
	const options = (details["options"] ?? {}) as Readonly<Record<string, string | null>>;
	if (Object.keys(options).some((name) => !KNOWN.has(name))) return null;
	const { encoding } = options;
	if (encoding !== undefined && !/^utf-?8$/i.test(encoding ?? "")) return null;
	const format = (options["format"] ?? "text").toLowerCase();
	if (format !== "text" && format !== "csv" && format !== "binary") return null;
	const csv = format === "csv";
	const quote = oneByte(options["quote"] ?? '"');
	const delimiter = oneByte(options["delimiter"] ?? (csv ? "," : "\t"));
	const escapeBy = oneByte(options["escape"] ?? options["quote"] ?? '"');
	if (quote === null || delimiter === null || escapeBy === null) return null;
	return {
		...{ format, delimiter, quote, escapeBy },
		nullMark: Buffer.from(options["null"] ?? (csv ? "" : "\\N")),
		header: isOn(options["header"]),
	};
}

const KNOWN = new Set(
	"format delimiter null header quote escape encoding force_quote freeze force_not_null force_null".split(
		" ",
	),
);

function oneByte(text: string): number | null {
	const bytes = Buffer.from(text);
	return bytes.length === 1 ? (bytes[0] as number) : null;
}

const isOn = (text: string | null | undefined): boolean =>
	text != null && !/^(false|off|0|f|fa|fal|fals|of|n|no)$/i.test(text);

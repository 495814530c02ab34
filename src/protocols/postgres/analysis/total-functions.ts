import type { CatalogFunction } from "../catalog/model.ts";
import { TYPE, type Value } from "./value.ts";

/** Places of arguments for whose every value a function succeeds, whatever the others are. */
type Places = "all" | "values" | readonly number[];

const FIRST = [0] as const;

const each = <T extends Places>(places: T, names: string): [string, T][] =>
	names.split(/\s+/).map((name) => [name, places]);

/**
 * The server's own functions that never fail by what is in these arguments, NULL included. What may is left out: an
 * overflow, a length or count by which room is taken, a pattern, a format, a time zone, a key. `values` are those of a
 * list of keys and values. A database's texts are in UTF8.
 */
const TOTAL: ReadonlyMap<string, Places> = new Map<string, Places>([
	...each(
		FIRST,
		`lower upper initcap reverse ascii md5 char_length character_length octet_length bit_length length
		quote_ident quote_literal quote_nullable left right substr substring split_part replace translate lpad rpad
		overlay regexp_replace regexp_match regexp_matches regexp_count regexp_like regexp_instr regexp_substr
		regexp_split_to_array string_to_array encode sha224 sha256 sha384 sha512 hashtext hashtextextended to_hex
		array_length array_ndims array_lower array_upper array_dims cardinality array_to_string unnest
		to_json row_to_json to_jsonb jsonb_typeof json_typeof jsonb_pretty jsonb_strip_nulls
		round trunc ceil ceiling floor abs sign scale host family masklen isfinite
		count min max bool_and bool_or every bit_and bit_or any_value array_agg string_agg json_agg jsonb_agg mode
		sum avg stddev stddev_pop stddev_samp variance var_pop var_samp
		lag lead first_value last_value nth_value enum_first enum_last pg_typeof pg_column_size to_char
		convert_to normalize`,
	),
	...each([1], "date_part extract percentile_disc"),
	...each(
		"all",
		`concat concat_ws btrim ltrim rtrim strpos position starts_with num_nulls num_nonnulls
		json_build_array jsonb_build_array`,
	),
	...each("values", "json_build_object jsonb_build_object"),
	...each([1], "json_object_agg jsonb_object_agg"),
]);

/** The names of all of them. */
export const TOTAL_NAMES: readonly string[] = [...TOTAL.keys()];

const INTEGERS = [21, 23, 20];
const NUMBERS = [...INTEGERS, TYPE.numeric];
const STRINGS = [TYPE.text, TYPE.bytea, 1042, TYPE.bit, 1562, TYPE.name, 3614];
const SPREAD = [TYPE.text, TYPE.bytea, 2277, 2776, 2283];

/** Of those whose forms differ: for which declared types of the argument it holds. */
const ONLY: Readonly<Record<string, readonly number[]>> = {
	length: STRINGS,
	char_length: STRINGS,
	character_length: STRINGS,
	octet_length: STRINGS,
	bit_length: STRINGS,
	overlay: [TYPE.text, TYPE.bytea],
	substring: STRINGS,
	substr: STRINGS,
	encode: [TYPE.bytea],
	to_hex: INTEGERS,
	round: [TYPE.numeric, 701],
	trunc: [TYPE.numeric, 701],
	ceil: [TYPE.numeric, 701],
	ceiling: [TYPE.numeric, 701],
	floor: [TYPE.numeric, 701],
	abs: [TYPE.numeric, 700, 701],
	sign: [TYPE.numeric, 701],
	sum: NUMBERS,
	avg: NUMBERS,
	stddev: INTEGERS,
	stddev_pop: INTEGERS,
	stddev_samp: INTEGERS,
	variance: INTEGERS,
	var_pop: INTEGERS,
	var_samp: INTEGERS,
	array_agg: [2776],
	unnest: [TYPE.anyarray],
	string_agg: SPREAD,
	to_char: [TYPE.timestamp, TYPE.timestamptz, TYPE.numeric],
	date_part: [TYPE.timestamp, TYPE.timestamptz, TYPE.time],
	extract: [TYPE.date, TYPE.timestamp, TYPE.timestamptz, TYPE.time],
};

/** What makes jsonb of anything, which takes no document in which a character is escaped that no text can hold. */
export const MAKES_JSONB: ReadonlySet<string> = new Set([
	"to_jsonb",
	"jsonb_agg",
	"jsonb_object_agg",
	"jsonb_build_array",
	"jsonb_build_object",
]);

const ENLARGING: ReadonlySet<string> = new Set(
	`repeat lpad rpad format replace regexp_replace overlay string_agg array_agg array_fill array_to_string xmlagg
	json_agg jsonb_agg json_object_agg jsonb_object_agg lo_get`.split(/\s+/),
);

/** What a function of the server's own makes, and whether that may be as long as one likes. */
export const enlargedBy = ({ name }: CatalogFunction, value: Value): Value =>
	ENLARGING.has(name) ? { ...value, large: true } : value;

/** Sums of these are bounded only while nothing of one's own is among them. */
export const SUMS: ReadonlySet<string> = new Set(["sum", "avg"]);

/** True when the function, one of the server's own, succeeds for every value of that argument. */
export function isTotal(called: CatalogFunction, index: number): boolean {
	const { name } = called;
	const places = TOTAL.get(name);
	if (places === undefined) return false;
	if (name === "length" && called.arguments > 1) return false; // length(bytea, encoding)
	const only = ONLY[name];
	const last = called.argumentTypes.length - 1;
	if (only !== undefined && !only.includes(called.argumentTypes[Math.min(index, last)] ?? 0)) return false;
	if (places === "all") return true;
	return places === "values" ? index % 2 === 1 : places.includes(index);
}

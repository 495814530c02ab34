/** Ways to make another value of a secret text; each is a form in which it could come out. */
const WRAPPED = [
	...[
		"?",
		"?::text",
		"?::varchar",
		"?::name",
		"'<' || ? || '>'",
		"? || ''",
		"concat(?, 1)",
		"concat_ws('-', ?, 'x')",
	],
	...[
		"upper(?)",
		"lower(?)",
		"initcap(?)",
		"reverse(?)",
		"repeat(?, 2)",
		"left(?, 6)",
		"right(?, 6)",
		"substr(?, 2)",
	],
	...[
		"substring(? from 3 for 8)",
		"overlay(? placing 'x' from 1 for 1)",
		"translate(?, '@', '#')",
		"replace(?, '@', ' ')",
	],
	...[
		"lpad(?, 60, '.')",
		"rpad(?, 60, '.')",
		"trim(?)",
		"btrim(?, 'b')",
		"quote_literal(?)",
		"quote_ident(?)",
	],
	...["format('%s', ?)", "format('%L', ?)", "split_part(?, '@', 1)", "regexp_replace(?, '(.)', '\\1 ', 'g')"],
	...[
		"encode(convert_to(?, 'UTF8'), 'hex')",
		"encode(convert_to(?, 'UTF8'), 'base64')",
		"encode(?::bytea, 'escape')",
	],
	...[
		"to_json(?)::text",
		"to_jsonb(?)",
		"json_build_array(?)",
		"jsonb_build_object('v', ?)",
		"ARRAY[?]",
		"ROW(?, 1)",
	],
	...[
		"string_to_array(?, NULL)",
		"string_to_array(?, '@')",
		"xmlelement(name e, ?)::text",
		"convert_to(?, 'UTF8')",
	],
	...[
		"coalesce(?, 'none')",
		"nullif(?, 'x')",
		"greatest(?, '')",
		"least(?, '~')",
		"CASE WHEN true THEN ? END",
	],
	...[
		"(SELECT ?)",
		"(VALUES (?))",
		"ascii(?)",
		"length(?)",
		"md5(?)",
		"hashtext(?)",
		"to_hex(ascii(?))",
		"? > 'm'",
	],
	...[
		"to_tsvector('simple', ?)::text",
		"(ARRAY[?, 'x'])[1]",
		"(ROW(?)).f1",
		"array_to_string(ARRAY[?], ',')",
	],
] as const;

/** Places from which a value comes back. */
const PLACES = [
	"SELECT # FROM customers",
	"SELECT x FROM (SELECT # AS x FROM customers) q",
	"WITH w AS MATERIALIZED (SELECT # AS x FROM customers) SELECT x FROM w",
	"SELECT (SELECT # FROM customers ORDER BY id LIMIT 1) FROM shelf",
	"SELECT x.v FROM customers, LATERAL (SELECT # AS v) x",
	"SELECT # FROM customers UNION ALL SELECT # FROM customers",
	"SELECT array_agg(#) FROM customers",
	"SELECT json_agg(#) FROM customers",
	"SELECT lag(#) OVER (ORDER BY id) FROM customers",
	"UPDATE customers SET name = name WHERE id = 1 RETURNING #",
	"COPY (SELECT # FROM customers) TO STDOUT",
	"COPY (SELECT # FROM customers) TO STDOUT (FORMAT csv)",
	"COPY (SELECT # FROM customers) TO STDOUT (FORMAT binary)",
	"EXPLAIN (VERBOSE, COSTS OFF) SELECT # FROM customers WHERE id = (SELECT id FROM shelf LIMIT 1)",
] as const;

/** Secret columns as texts, each in its turn. */
const SECRETS = [
	"email",
	"ssn::text",
	"pay::text",
	"doc ->> 'n'",
	"tags[1]",
	"(home).street",
	"key::text",
	"body::text",
];

/** Every way in some of the places: each way four times, each place with a quarter of them. */
export const MADE: readonly string[] = WRAPPED.flatMap((way, index) =>
	[0, 1, 2, 3].map((turn) => {
		const place = PLACES[(index * 5 + turn * 3) % PLACES.length] ?? PLACES[0];
		const secret = SECRETS[(index + turn * 3) % SECRETS.length] ?? "email";
		return place.replaceAll("#", () => way.replaceAll("?", () => `(${secret})`));
	}),
);

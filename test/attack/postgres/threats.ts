/** What an attacker tries on the way to PostgreSQL, and a case of it: a file below `test/` and words that stand in it. */
export interface Threat {
	readonly threat: string;
	readonly shownBy: readonly (readonly [file: string, words: string])[];
}

const BYPASSES = "attack/postgres/bypasses.ts";
const STATEMENTS = "attack/postgres/rewrites/statements.ts";
const PLACES = "attack/postgres/rewrites/places.ts";
const EXPRESSIONS = "attack/postgres/rewrites/expressions.ts";
const DISGUISE = "attack/postgres/rewrites/disguise.ts";
const DELIVERIES = "attack/postgres/rewrites/deliveries.ts";
const SCOPE = "attack/postgres/past-the-scope.test.ts";
const REGISTRY = "attack/postgres/past-the-registry.test.ts";
const APPROVAL = "attack/postgres/past-the-approval.test.ts";
const GARBAGE = "attack/postgres/garbage.test.ts";
const EXHAUSTION = "attack/postgres/exhaustion.test.ts";
const SIZES = "attack/postgres/sizes.test.ts";
const MASKS = "attack/masking/attempts.sql";
const STORES = "attack/masking/stores.sql";
const DENIALS = "wire/protocol/denials.test.ts";
const COPY = "wire/protocol/copy.test.ts";
const NEGOTIATE = "unit/protocols/postgres/startup/negotiate.test.ts";
const SERVER = "unit/protocols/postgres/upstream/hostile-server.test.ts";

const PAST_THE_PARSER: readonly Threat[] = [
	{
		threat: "comments",
		shownBy: [
			[BYPASSES, "delete/**/from/**/protected"],
			[DISGUISE, "/* /* nested */"],
		],
	},
	{
		threat: "upper and lower case",
		shownBy: [
			[BYPASSES, "DeLeTe"],
			[DISGUISE, "toUpperCase"],
		],
	},
	{
		threat: "Unicode escapes in names",
		shownBy: [
			[BYPASSES, "0070rotected"],
			[DISGUISE, "UESCAPE '!'"],
		],
	},
	{ threat: "quoted names", shownBy: [[BYPASSES, 'DELETE FROM public."protected"']] },
	{ threat: "dollar quotes", shownBy: [[BYPASSES, "SELECT $a$ $b$ $a$; DELETE"]] },
	{
		threat: "strings with escapes",
		shownBy: [
			[BYPASSES, "SELECT E'"],
			[DISGUISE, "{hex(inner)}"],
		],
	},
	{
		threat: "strings that read otherwise without standard_conforming_strings",
		shownBy: [[SCOPE, "standard_conforming_strings"]],
	},
	{
		threat: "a client encoding other than UTF-8",
		shownBy: [[SCOPE, '["client_encoding", "LATIN1"']],
	},
	{ threat: "NUL and what is not UTF-8", shownBy: [[GARBAGE, "texts that are not UTF-8, or hold NUL"]] },
	{ threat: "bytes behind a text's terminator", shownBy: [[GARBAGE, "SELECT 1\\0; INSERT INTO t"]] },
	{
		threat: "several statements in one message, the bad one last",
		shownBy: [
			[BYPASSES, "SELECT 1;;;DELETE"],
			[DELIVERIES, "behind another statement of the same text"],
		],
	},
	{ threat: "CTEs that write", shownBy: [[STATEMENTS, "WITH d AS (DELETE FROM ledger) SELECT 1"]] },
	{
		threat: "EXPLAIN ANALYZE",
		shownBy: [
			[STATEMENTS, "EXPLAIN (ANALYZE false, ANALYZE true) DELETE"],
			[DELIVERIES, "`EXPLAIN ANALYZE "],
		],
	},
	{ threat: "SELECT INTO", shownBy: [[STATEMENTS, "SELECT * INTO mine.i@ FROM vault.secrets"]] },
	{ threat: "CREATE TABLE AS", shownBy: [[PLACES, "CREATE UNLOGGED TABLE mine.d@ AS VALUES (?)"]] },
	{ threat: "COPY from a program", shownBy: [[BYPASSES, "COPY scratch FROM PROGRAM"]] },
	{
		threat: "COPY of what a change returns",
		shownBy: [[STATEMENTS, "COPY (DELETE FROM ledger RETURNING id) TO STDOUT"]],
	},
	{
		threat: "PREPARE and EXECUTE",
		shownBy: [
			[STATEMENTS, "PREPARE p@ AS SELECT 1;;DEALLOCATE p@;;PREPARE p@ AS DELETE"],
			[DELIVERIES, "a statement of the wire that SQL runs"],
		],
	},
	{
		threat: "DECLARE and FETCH",
		shownBy: [
			[PLACES, "DECLARE c SCROLL CURSOR WITH HOLD"],
			[DELIVERIES, "FETCH ALL FROM w"],
		],
	},
	{ threat: "DO", shownBy: [[STATEMENTS, "BEGIN EXECUTE 'DELETE FROM led' || 'ger'"]] },
	{ threat: "CALL", shownBy: [[STATEMENTS, "CALL act_late('x')"]] },
	{
		threat: "CREATE RULE",
		shownBy: [[STATEMENTS, "CREATE RULE r AS ON INSERT TO mine.d@ DO INSTEAD DELETE"]],
	},
	{ threat: "triggers", shownBy: [[STATEMENTS, "CREATE CONSTRAINT TRIGGER"]] },
	{ threat: "event triggers", shownBy: [[STATEMENTS, "CREATE EVENT TRIGGER e@ ON ddl_command_end"]] },
	{ threat: "ALTER DEFAULT PRIVILEGES", shownBy: [[BYPASSES, "ALTER DEFAULT PRIVILEGES GRANT ALL"]] },
	{
		threat: "SET ROLE and SET SESSION AUTHORIZATION",
		shownBy: [
			[STATEMENTS, "SET ROLE clerk;;TABLE"],
			[STATEMENTS, "SET SESSION AUTHORIZATION clerk"],
		],
	},
	{
		threat: "SET search_path and set_config",
		shownBy: [
			[STATEMENTS, "SET search_path = vault, public;;TABLE secrets"],
			[STATEMENTS, "SELECT set_config('search_path', 'vault', false)"],
		],
	},
	{
		threat: "LISTEN and NOTIFY",
		shownBy: [
			[BYPASSES, "NOTIFY x, 'y'"],
			[BYPASSES, "LISTEN x; SELECT pg_notify('x', email)"],
		],
	},
	{ threat: "large objects", shownBy: [[BYPASSES, "SELECT lo_import('/etc/passwd')"]] },
	{ threat: "functions that read the server's files", shownBy: [[BYPASSES, "pg_read_binary_file"]] },
	{ threat: "other servers", shownBy: [[BYPASSES, "CREATE EXTENSION dblink"]] },
	{
		threat: "functions that run a text",
		shownBy: [
			[EXPRESSIONS, "query_to_xml('SELECT secret"],
			[EXPRESSIONS, "ts_rewrite("],
		],
	},
	{ threat: "logical decoding", shownBy: [[BYPASSES, "pg_create_logical_replication_slot"]] },
	{
		threat: "functions that do any of these",
		shownBy: [
			[EXPRESSIONS, "peek_built()"],
			[EXPRESSIONS, "wipe_cursor()"],
		],
	},
	{
		threat: "operators, casts, domains, aggregates and orders of one's own",
		shownBy: [
			[EXPRESSIONS, "OPERATOR(public.<~>)"],
			[EXPRESSIONS, "'x'::prying"],
			[STATEMENTS, "CREATE INDEX ON mine.t (id numbers)"],
		],
	},
	{
		threat: "names that mean something else by the time they are used",
		shownBy: [
			[SCOPE, "a table of the search path that is moved"],
			[REGISTRY, "names that mean one thing"],
		],
	},
];

const PAST_THE_MASK: readonly Threat[] = [
	{ threat: "aliases", shownBy: [[MASKS, "SELECT email AS id, id AS email FROM customers"]] },
	{
		threat: "expressions, casts, concatenation",
		shownBy: [
			[MASKS, "regexp_replace(email"],
			[MASKS, "email::varchar(3)"],
			[MASKS, "'x' || email"],
		],
	},
	{ threat: "aggregates", shownBy: [[MASKS, "SELECT string_agg(email, ','), array_agg(email)"]] },
	{ threat: "window functions", shownBy: [[MASKS, "lag(email) OVER ()"]] },
	{ threat: "subqueries and lateral joins", shownBy: [[MASKS, "LATERAL (SELECT c.email AS x)"]] },
	{ threat: "CTEs", shownBy: [[MASKS, "WITH x AS MATERIALIZED (SELECT email"]] },
	{ threat: "set operations", shownBy: [[MASKS, "SELECT name FROM customers UNION ALL SELECT email"]] },
	{ threat: "views", shownBy: [[MASKS, "CREATE TEMP VIEW orders AS SELECT upper(email)"]] },
	{ threat: "materialised views", shownBy: [[MASKS, "SELECT start FROM mailing"]] },
	{ threat: "functions that return rows", shownBy: [[MASKS, "SELECT mail FROM directory()"]] },
	{
		threat: "whole rows",
		shownBy: [
			[MASKS, "SELECT ((array_agg(c))[1]).*"],
			[MASKS, "jsonb_populate_record(NULL::customers, to_jsonb(c))"],
		],
	},
	{ threat: "TABLE", shownBy: [[MASKS, "TABLE customers"]] },
	{ threat: "COPY", shownBy: [[MASKS, "COPY (SELECT email FROM customers) TO STDOUT"]] },
	{ threat: "cursors", shownBy: [[MASKS, "DECLARE k CURSOR WITH HOLD FOR SELECT email"]] },
	{ threat: "RETURNING", shownBy: [[MASKS, "RETURNING email, name"]] },
	{
		threat: "error texts",
		shownBy: [
			[MASKS, "SELECT email::int FROM customers"],
			[MASKS, "INSERT INTO customers (id, name) VALUES (1, 'x')"],
		],
	},
	{
		threat: "notices",
		shownBy: [
			[MASKS, "RAISE NOTICE '%'"],
			[MASKS, "SELECT told(1)"],
		],
	},
	{ threat: "plans with estimates", shownBy: [[MASKS, "EXPLAIN SELECT 1 FROM customers WHERE email > 'm'"]] },
	{ threat: "statistics", shownBy: [[MASKS, "SELECT most_common_vals FROM pg_stats_ext"]] },
	{ threat: "other sessions' texts", shownBy: [[MASKS, "SELECT query FROM pg_stat_activity"]] },
	{ threat: "predicates as an oracle", shownBy: [[MASKS, "SELECT count(*) FROM customers WHERE flag"]] },
	{
		threat: "constraints, domains and bounds as an oracle",
		shownBy: [
			[MASKS, "ALTER DOMAIN mail ADD CHECK"],
			[MASKS, "ATTACH PARTITION customers"],
		],
	},
	{ threat: "control flow as an oracle", shownBy: [[MASKS, "IF r.flag THEN x := x + 1"]] },
	{ threat: "sorting", shownBy: [[MASKS, "SELECT id FROM customers ORDER BY email"]] },
	{ threat: "time, asked for", shownBy: [[MASKS, "FROM pg_sleep((SELECT ascii(email)"]] },
	{ threat: "results in binary", shownBy: [["attack/masking/attempts.test.ts", '["binary", [binary]]']] },
	{
		threat: "a portal that is run again without Describe",
		shownBy: [
			[DELIVERIES, 'execute("w", 1), execute("w", 1)'],
			["attack/postgres/upstream/broken.ts", 'execute("", 2), execute()'],
		],
	},
	{
		threat: "values cut across segments and rows",
		shownBy: [
			["attack/postgres/codec/properties.ts", "a stream is the same messages however it is cut"],
			[GARBAGE, "one byte at a time, in both directions"],
		],
	},
	{
		threat: "values of 100 MB",
		shownBy: [
			[EXHAUSTION, "a value of 100 MB passes both ways"],
			[SIZES, "a value of 300 MB"],
		],
	},
	{ threat: "FunctionCall messages", shownBy: [["wire/protocol/function-call.test.ts", "functionCall"]] },
	{ threat: "values stored where nothing is masked", shownBy: [[STORES, "INSERT INTO shelf"]] },
];

const PAST_THE_PROTOCOL: readonly Threat[] = [
	{
		threat: "bytes buffered before TLS",
		shownBy: [
			[NEGOTIATE, "unencrypted bytes came along with the request"],
			[SERVER, "sends bytes behind its S"],
		],
	},
	{ threat: "a second StartupMessage", shownBy: [[GARBAGE, "a second StartupMessage"]] },
	{
		threat: "lengths of 0, 3, 2^31",
		shownBy: [
			[GARBAGE, "Buffer.from([0x51, 0x80, 0, 0, 0])"],
			[SERVER, "sends a length of 2^31"],
		],
	},
	{
		threat: "messages of more than 4 GB",
		shownBy: [[GARBAGE, "Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff])"]],
	},
	{
		threat: "messages out of state",
		shownBy: [
			[DENIALS, "a simple query behind unsynced messages"],
			["wire/protocol/random.ts", "sameAnswers"],
		],
	},
	{ threat: "COPY data with no COPY", shownBy: [[COPY, "COPY messages outside of it are dropped"]] },
	{ threat: "unknown types of messages", shownBy: [[GARBAGE, 'message("!", "x")']] },
	{
		threat: "messages pipelined behind a denial",
		shownBy: [
			[DENIALS, "a thousand denials in one pipeline"],
			[DELIVERIES, "behind what is denied"],
		],
	},
	{
		threat: "a cancel with another session's key",
		shownBy: [
			[NEGOTIATE, "cancel requests"],
			["wire/protocol/limits.test.ts", "nor with another session's"],
		],
	},
	{ threat: "replication at start-up", shownBy: [[GARBAGE, 'replication: "database"']] },
	{ threat: "GSS at start-up", shownBy: [[GARBAGE, "SSL and GSS are asked for and answered"]] },
	{
		threat: "a server that answers nonsense",
		shownBy: [["attack/postgres/upstream/relay.ts", "Whole messages that nobody asked for"]],
	},
];

const PAST_THE_PEOPLE: readonly Threat[] = [
	{
		threat: "a command that is another one by the time it is approved",
		shownBy: [
			[APPROVAL, "EXECUTE of what has another text by then"],
			["attack/approvals/grants.test.ts", "a command changed after its approval"],
		],
	},
	{ threat: "a grant used again", shownBy: [["attack/approvals/grants.test.ts", "a grant replayed"]] },
];

const BY_EXHAUSTION: readonly Threat[] = [
	{
		threat: "connections without a word",
		shownBy: [[EXHAUSTION, "connections without a word don't keep others out"]],
	},
	{ threat: "handshakes that stall", shownBy: [[GARBAGE, "half a message and silence end it"]] },
	{ threat: "one giant query, deep nesting", shownBy: [[EXHAUSTION, "texts that a parser chokes on"]] },
	{
		threat: "thousands of prepared statements",
		shownBy: [
			[GARBAGE, "thousands of prepared statements"],
			[SIZES, "50,000 prepared statements"],
		],
	},
	{ threat: "results that nobody reads", shownBy: [[EXHAUSTION, "a result of 1 GB that nobody reads"]] },
	{ threat: "answers that nobody reads", shownBy: [[EXHAUSTION, "reads no answer is not heard any more"]] },
	{ threat: "a policy that takes too long", shownBy: [[EXHAUSTION, "a policy that takes too long"]] },
	{ threat: "a record that can't be written", shownBy: [[EXHAUSTION, "a record that can't be written"]] },
];

export const THREATS: readonly Threat[] = [
	...PAST_THE_PARSER,
	...PAST_THE_MASK,
	...PAST_THE_PROTOCOL,
	...PAST_THE_PEOPLE,
	...BY_EXHAUSTION,
];

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe as suite, test } from "node:test";
import { decodeDataRow } from "../../../src/protocols/postgres/codec/index.ts";
import type { TestPolicy } from "../../support/gateway.ts";
import type { WireClient } from "../../support/wire-client.ts";
import {
	bind,
	COPY_DONE,
	close,
	copyData,
	describe,
	execute,
	parse,
	query,
	SYNC,
} from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";
import { CHANGES, READS } from "./bypasses.ts";

const EMAIL = "qzxjkvwy@hgfpdtbn.example";
const PHONE = "+49-8615-3074-2296";
const CARD = "4929-5173-8064-2196";

const SCHEMA = `
	CREATE TABLE protected (id int PRIMARY KEY, note text);
	INSERT INTO protected VALUES (1, 'kept'), (2, 'kept');
	CREATE TABLE scratch (id int);
	CREATE TABLE notes (note text);
	INSERT INTO notes VALUES ('x');
	CREATE SEQUENCE counter;
	CREATE ROLE plain_user;
	CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN 1; END $$;
	CREATE FUNCTION wipe_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN NEW; END $$;
	CREATE FUNCTION wipe_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; END $$;
	CREATE FUNCTION wiped(text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN true; END $$;
	CREATE FUNCTION wiped(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN 1; END $$;
	CREATE PROCEDURE wipe_procedure() LANGUAGE sql AS $$ DELETE FROM protected $$;
	CREATE OPERATOR ~!! (LEFTARG = int, RIGHTARG = int, FUNCTION = wiped);
	CREATE AGGREGATE wiping_sum(int) (SFUNC = wiped, STYPE = int, INITCOND = '0');
	CREATE DOMAIN wiping_domain AS text CHECK (wiped(VALUE));
	CREATE TYPE pair AS (a int, b int);
	CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN ''; END $$;
	CREATE FUNCTION pair_of(int) RETURNS pair LANGUAGE sql AS $$ SELECT ROW($1, $1)::pair $$;
	CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS IMPLICIT;
	CREATE VIEW wiping_view AS SELECT wipe();
	CREATE VIEW deep_view AS SELECT 1 AS one FROM (SELECT * FROM wiping_view) x;
	CREATE MATERIALIZED VIEW wiping AS SELECT wiped('x') WITH NO DATA;
	CREATE VIEW protected_view AS SELECT * FROM protected;
	CREATE VIEW updatable_view AS SELECT id, note FROM protected;
	CREATE TABLE triggered (id int);
	CREATE TRIGGER t AFTER INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION wipe_trigger();
	CREATE TABLE defaulted (id bool DEFAULT wiped('x'));
	CREATE TABLE checked (id int CHECK (wiped(id::text)));
	CREATE TABLE ruled (id int);
	CREATE RULE r AS ON INSERT TO ruled DO ALSO DELETE FROM protected;
	CREATE FUNCTION wiped_immutable(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN 1; END $$;
	CREATE TABLE generated (id int, g int GENERATED ALWAYS AS (wiped_immutable(id)) STORED);
	CREATE TABLE parent (id int PRIMARY KEY);
	INSERT INTO parent VALUES (1), (2);
	ALTER TABLE protected ADD COLUMN parent int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE;
	UPDATE protected SET parent = id;
	CREATE FUNCTION wipes() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN DELETE FROM protected; RETURN true; END $$;
	CREATE TYPE mood AS ENUM ('a');
	CREATE TYPE other_mood AS ENUM ('a');
	CREATE FUNCTION mood_bool(mood) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN true; END $$;
	CREATE FUNCTION mood_int(mood) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN 1; END $$;
	CREATE FUNCTION mood_int8(mood) RETURNS int8 LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN 1; END $$;
	CREATE FUNCTION mood_float4(mood) RETURNS float4 LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN 1; END $$;
	CREATE FUNCTION mood_json(mood) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN '1'; END $$;
	CREATE FUNCTION mood_other(mood) RETURNS other_mood LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN 'a'; END $$;
	CREATE CAST (mood AS bool) WITH FUNCTION mood_bool(mood) AS ASSIGNMENT;
	CREATE CAST (mood AS int) WITH FUNCTION mood_int(mood) AS ASSIGNMENT;
	CREATE CAST (mood AS int8) WITH FUNCTION mood_int8(mood) AS ASSIGNMENT;
	CREATE CAST (mood AS float4) WITH FUNCTION mood_float4(mood) AS ASSIGNMENT;
	CREATE CAST (mood AS json) WITH FUNCTION mood_json(mood);
	CREATE CAST (mood AS other_mood) WITH FUNCTION mood_other(mood) AS IMPLICIT;
	CREATE TABLE moods (m mood, o other_mood);
	INSERT INTO moods VALUES ('a', 'a');
	CREATE FUNCTION mood_of_sql(mood) RETURNS bool LANGUAGE sql AS $$ SELECT $1 $$;
	CREATE FUNCTION mood_of_plpgsql(x mood) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF x THEN RETURN 1; END IF; RETURN 2; END $$;
	CREATE FUNCTION mood_out(x mood, OUT o bool) LANGUAGE plpgsql AS $$ BEGIN o := x; END $$;
	CREATE FUNCTION mood_default(b bool DEFAULT 'a'::mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
	CREATE FUNCTION anything_json(anyelement) RETURNS json LANGUAGE sql AS 'SELECT to_json($1)';
	CREATE TABLE mood_defaulted (id int, b bool DEFAULT 'a'::mood);
	CREATE DOMAIN defaulting AS bool DEFAULT wipes();
	CREATE TABLE domain_defaulted (id int, d defaulting);
	CREATE FUNCTION wiping_cmp(int8, int8) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN btint8cmp($1, $2); END $$;
	CREATE FUNCTION wiping_distance(int8, int8) RETURNS float8 IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM wipes(); RETURN $1 - $2; END $$;
	CREATE OPERATOR <# (LEFTARG = int8, RIGHTARG = int8, FUNCTION = int8lt);
	CREATE OPERATOR =# (LEFTARG = int8, RIGHTARG = int8, FUNCTION = int8eq);
	CREATE OPERATOR ># (LEFTARG = int8, RIGHTARG = int8, FUNCTION = int8gt);
	CREATE OPERATOR CLASS wiping_ops FOR TYPE int8 USING btree AS
		OPERATOR 1 <#, OPERATOR 3 =#, OPERATOR 5 >#, FUNCTION 1 wiping_cmp(int8, int8);
	CREATE TYPE wiping_range AS RANGE (subtype = int8, subtype_opclass = wiping_ops);
	CREATE TYPE measured_range AS RANGE (subtype = int8, subtype_diff = wiping_distance);
	CREATE TABLE measured (r measured_range);
	CREATE OPERATOR @!@ (RIGHTARG = oid, FUNCTION = lo_unlink);
	SELECT lo_create(4711);
	CREATE TABLE parted (id int) PARTITION BY LIST (wiped_immutable(id));
	CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
	CREATE TABLE kept (id int PRIMARY KEY);
	INSERT INTO kept VALUES (1), (2);
	CREATE TABLE refers (id int DEFAULT wipe() REFERENCES kept ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
	INSERT INTO refers VALUES (2);

	CREATE TABLE customers (id int PRIMARY KEY, email text, phone text, card text);
	INSERT INTO customers SELECT n, '${EMAIL}', '${PHONE}', '${CARD}' FROM generate_series(1, 3) n;
	ANALYZE customers;
	CREATE VIEW customers_view AS SELECT id, email AS e FROM customers;
	CREATE VIEW customers_deep AS SELECT upper(e) || '' AS up, (SELECT card FROM customers LIMIT 1) FROM customers_view;
	CREATE MATERIALIZED VIEW customers_copy AS SELECT * FROM customers;
	CREATE FUNCTION customers_function() RETURNS SETOF customers LANGUAGE sql AS $$ SELECT * FROM customers $$;
	CREATE FUNCTION email_of(int) RETURNS text LANGUAGE sql AS $$ SELECT email FROM customers WHERE id = $1 $$;
	CREATE FUNCTION shown(customers) RETURNS text LANGUAGE sql AS $$ SELECT $1.email $$;
	CREATE FUNCTION raise(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', $1; END $$;
	CREATE TABLE customers_partitioned (id int, email text, phone text) PARTITION BY LIST (id);
	CREATE TABLE customers_part_1 PARTITION OF customers_partitioned FOR VALUES IN (1);
	INSERT INTO customers_partitioned VALUES (1, '${EMAIL}', '${PHONE}');`;

const PII = {
	columns: [
		{ columns: ["public.customers.email", "public.customers.phone"], transform: "partial", keep: 2 },
		{
			columns: [
				...["public.customers.card", "public.customers_partitioned.*", "public.customers_part_1.*"],
				"public.customers_copy.*",
			],
			transform: "redact",
		},
	],
};

const OWN_RULES = `deny contains {"rule": "mine"} if {
	some write in input.command.writes
	write.relation in {"public.protected", "public.parent", "public.notes", "public.customers"}
}`;

const POLICIES: readonly [string, TestPolicy][] = [
	["the shipped policy with a rule of one's own", policyOf(OWN_RULES, { safe_defaults: {}, pii: PII })],
	[
		"a policy that lets pass whatever is known not to reach what is protected",
		policyOf(
			`
			allow contains {"rule": "all"}
			deny contains {"rule": "unknown"} if "unknown" in input.command.statements[_].effects
			deny contains {"rule": "beyond"} if {
				some effect in input.command.statements[_].effects
				effect in {"execute", "privilege", "schema", "maintenance"}
			}
			${OWN_RULES}`,
			{ pii: PII },
		),
	],
];

for (const [what, policy] of POLICIES) {
	suite(`attempts past ${what}`, () => {
		let pair: Pair;
		let state: string;
		const open: { simple: WireClient | null; extended: WireClient | null } = { simple: null, extended: null };

		before(async () => {
			pair = await startPair({ schema: SCHEMA, policy });
			state = await stateOf(pair);
		});
		after(() => pair.stop());

		/** Runs a text in both protocols and both formats; answers all that came back. */
		async function attempt(text: string): Promise<Buffer> {
			const data = [copyData("9\tx\n"), COPY_DONE];
			const over = [bind("s", "", [], [1]), execute(), ...data, SYNC];
			const received = [
				await steps("simple", [query(text), ...data], [query("ROLLBACK")]),
				await steps("extended", [parse(text), bind(), describe.portal(), execute(), ...data, SYNC]),
				await steps("extended", [parse(text, "s"), describe.statement("s"), ...over], [query("ROLLBACK")]),
				await steps("extended", [close.statement("s"), SYNC]),
			];
			return Buffer.concat(received);
		}

		/** On the session that is open, or a new one: some attempts end theirs, which is as good as any other refusal. */
		async function steps(which: "simple" | "extended", ...asked: Buffer[][]): Promise<Buffer> {
			const client = open[which] === null || open[which].ended ? await pair.through() : open[which];
			open[which] = client;
			client.everything.length = 0;
			for (const messages of asked)
				await client.ask(messages).catch((error: Error) => {
					if (!error.message.includes("the connection ended")) throw error;
				});
			assert.deepEqual(client.inbox, [], "nothing came that was not asked for");
			return Buffer.concat(client.everything);
		}

		for (const text of CHANGES)
			test(`nothing changes: ${text}`, async () => {
				await attempt(text);
				assert.equal(await stateOf(pair), state);
				assert.ok(!existsSync("/tmp/sallyport-bypass"));
			});

		for (const text of READS)
			test(`nothing is seen: ${text}`, async () => {
				const seen = await attempt(text);
				assert.deepEqual(fragments(seen), []);
				assert.deepEqual(
					[...new Set(values(seen))].filter((value) => !SAYS_NOTHING.test(value)),
					[],
				);
			});

		test("nothing has changed in the end, and each session was told of everything", async () => {
			assert.equal(await stateOf(pair), state);
		});
	});
}

async function stateOf(pair: Pair): Promise<string> {
	const answers = await pair.postgres.query(`
		SELECT (SELECT json_agg(p ORDER BY id) FROM protected p)::text,
			(SELECT json_agg(p ORDER BY id) FROM parent p)::text,
			(SELECT count(*) FROM customers)::text, (SELECT json_agg(n) FROM notes n)::text,
			(SELECT string_agg(oid || relname || relnatts || relhasindex || relhasrules || relhastriggers || coalesce(relacl::text, '') || relowner, ',' ORDER BY oid)
				FROM pg_class WHERE relnamespace = 'public'::regnamespace),
			(SELECT string_agg(rolname || rolsuper, ',' ORDER BY rolname) FROM pg_roles),
			(SELECT count(*) FROM pg_auth_members)::text, (SELECT count(*) FROM pg_db_role_setting)::text,
			(SELECT count(*) FROM pg_proc)::text, (SELECT count(*) FROM pg_trigger)::text, (SELECT count(*) FROM pg_rewrite)::text,
			(SELECT count(*) FROM pg_largeobject_metadata)::text, (SELECT count(*) FROM pg_extension)::text,
			(SELECT count(*) FROM pg_publication)::text, (SELECT count(*) FROM pg_replication_slots)::text,
			(SELECT count(*) FROM pg_default_acl)::text, (SELECT count(*) FROM pg_description WHERE classoid = 'pg_class'::regclass AND objsubid = 0 AND objoid > 16000)::text`);
	return JSON.stringify(answers);
}

/** What may be in a row of `READS`: masks of either kind, row numbers in both formats, a plan, words of the attempt's own. */
const SAYS_NOTHING =
	/^(\[redacted\]|[*@.+-]*\*[*@.+-]*.{0,2}|[0-9]|\0\0\0.|x|[tf]|.*(Time|Output|Seq Scan|Filter).*)$/s;

/** The values of all DataRows among the messages, as text. */
function values(received: Buffer): string[] {
	const found: string[] = [];
	for (let at = 0; at < received.length; at += received.readUInt32BE(at + 1) + 1) {
		if (received[at] !== 0x44) continue;
		const row = decodeDataRow(received, at, at + received.readUInt32BE(at + 1) + 1);
		found.push(...row.flatMap((value) => (value === null ? [] : [value.toString("latin1")])));
	}
	return found;
}

/** Five characters of a masked value in a row, in whatever form they may leave: read either way, hex, base64. */
function fragments(received: Buffer): string[] {
	const text = received.toString("latin1").toLowerCase();
	const base64 = received.toString("latin1");
	return [EMAIL.split("@")[0], EMAIL.split(/[@.]/)[1], PHONE.slice(4, -2), CARD.slice(0, -4)].flatMap(
		(value = "") => {
			const found: string[] = [];
			for (let at = 0; at + 5 <= value.length; at++) {
				const piece = value.slice(at, at + 5);
				const forms = [piece, [...piece].reverse().join(""), Buffer.from(piece).toString("hex")];
				if (forms.some((form) => text.includes(form))) found.push(piece);
			}
			for (let shift = 0; shift < 3; shift++) {
				const inner = Buffer.from("\0".repeat(shift) + value)
					.toString("base64")
					.slice(shift === 0 ? 0 : 4, 12);
				if (base64.includes(inner)) found.push(`base64 of ${value}`);
			}
			return found;
		},
	);
}

test("what is looked for is found where it is", () => {
	for (const value of [EMAIL, PHONE, CARD]) {
		assert.notDeepEqual(fragments(Buffer.from(`..${value}..`)), []);
		assert.notDeepEqual(fragments(Buffer.from(value.toUpperCase().slice(3, -1))), []);
		assert.notDeepEqual(fragments(Buffer.from([...value].reverse().join(""))), []);
		assert.notDeepEqual(fragments(Buffer.from(Buffer.from(value).toString("hex"))), []);
		assert.notDeepEqual(fragments(Buffer.from(Buffer.from(`1,${value}`).toString("base64"))), []);
	}
});

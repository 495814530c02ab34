-- One of nearly everything that a schema can hold, for tools that read the catalog.
CREATE ROLE tools_reader;
CREATE ROLE tools_owner NOLOGIN IN ROLE tools_reader;
ALTER ROLE tools_reader SET statement_timeout = '1h';
ALTER ROLE tools_owner IN DATABASE postgres SET search_path = shop, public;
COMMENT ON ROLE tools_reader IS 'reads only';

CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION file_fdw;

CREATE SCHEMA shop AUTHORIZATION tools_owner;
COMMENT ON SCHEMA shop IS 'It''s a "shop"';
GRANT USAGE ON SCHEMA shop TO tools_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE tools_owner IN SCHEMA shop GRANT SELECT ON TABLES TO tools_reader;

CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'it''s good');
CREATE TYPE shop.address AS (street text, "Zip Code" varchar(10));
CREATE TYPE shop.span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE DOMAIN shop.email AS text COLLATE "C" DEFAULT 'a@b' CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
COMMENT ON TYPE shop.mood IS 'how it went';
CREATE COLLATION shop.german (locale = 'C');
CREATE TEXT SEARCH DICTIONARY shop.plain (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION shop.words (COPY = english);
CREATE CONVERSION shop.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;

CREATE SEQUENCE shop.numbers AS bigint START 7 INCREMENT 3 CACHE 5;
CREATE TABLE shop.people (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	"Full Name" text NOT NULL,
	mail shop.email UNIQUE,
	home shop.address,
	feeling shop.mood DEFAULT 'ok',
	tags text[] DEFAULT '{}',
	more ext.hstore,
	shouted text GENERATED ALWAYS AS (upper("Full Name")) STORED,
	number bigint DEFAULT nextval('shop.numbers'),
	boss int REFERENCES shop.people ON DELETE SET NULL DEFERRABLE,
	CONSTRAINT not_own_boss CHECK (boss <> id)
);
COMMENT ON TABLE shop.people IS 'people';
COMMENT ON COLUMN shop.people."Full Name" IS 'as they say it';
ALTER TABLE shop.people ALTER COLUMN tags SET STATISTICS 50, ALTER COLUMN mail SET STORAGE EXTERNAL;
ALTER SEQUENCE shop.numbers OWNED BY shop.people.number;
GRANT SELECT ("Full Name"), UPDATE (feeling) ON shop.people TO tools_reader WITH GRANT OPTION;
GRANT INSERT ON shop.people TO PUBLIC;
INSERT INTO shop.people ("Full Name", mail, home, feeling, tags, more)
	SELECT 'p' || i, 'p' || i || '@x', ('s', i::text)::shop.address, 'sad', array['a', NULL, 'b"\'], ext.hstore('k', i::text)
	FROM generate_series(1, 20) i;
CREATE INDEX people_lower ON shop.people (lower("Full Name") text_pattern_ops DESC NULLS LAST) INCLUDE (number)
	WHERE number > 3;
CREATE INDEX people_tags ON shop.people USING gin (tags) WITH (fastupdate = off);
COMMENT ON INDEX shop.people_tags IS 'an index';
CREATE STATISTICS shop.together (dependencies, ndistinct) ON number, feeling FROM shop.people;
CLUSTER shop.people USING people_pkey;
ALTER TABLE shop.people REPLICA IDENTITY FULL;

CREATE TABLE shop.events (at date NOT NULL, kind text, span shop.span, EXCLUDE USING gist (span WITH &&));
CREATE TABLE shop.parted (at date NOT NULL, n int DEFAULT 3, PRIMARY KEY (at, n)) PARTITION BY RANGE (at);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE shop.parted_2 PARTITION OF shop.parted DEFAULT PARTITION BY LIST (n);
CREATE TABLE shop.parted_2a PARTITION OF shop.parted_2 FOR VALUES IN (1, 2) WITH (fillfactor = 70);
INSERT INTO shop.parted VALUES ('2024-05-05', 3), ('2026-01-01', 1);
CREATE TABLE shop.child (extra json) INHERITS (shop.events);
CREATE UNLOGGED TABLE shop.quick (a int) USING pile;
CREATE TABLE shop.typed OF shop.address;

CREATE VIEW shop.names WITH (security_barrier) AS SELECT id, "Full Name" AS name FROM shop.people WHERE number > 0
	WITH LOCAL CHECK OPTION;
COMMENT ON VIEW shop.names IS 'a view';
CREATE MATERIALIZED VIEW shop.moods AS SELECT feeling, count(*) FROM shop.people GROUP BY 1 WITH DATA;
CREATE UNIQUE INDEX ON shop.moods (feeling);

CREATE FUNCTION shop.twice(n int, OUT result int) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 3 AS 'SELECT n * 2';
CREATE FUNCTION shop.thrice(n int DEFAULT 1) RETURNS int RETURN n * 3;
CREATE FUNCTION shop.rows(VARIADIC int[]) RETURNS TABLE (a int, b text) LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = shop AS $$ BEGIN RETURN QUERY SELECT 1, 'x'; END $$;
CREATE PROCEDURE shop.tidy(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a + 1; END $$;
CREATE AGGREGATE shop.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR shop.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = OPERATOR(shop.===));
CREATE OPERATOR FAMILY shop.fam USING btree;
CREATE OPERATOR CLASS shop.cls FOR TYPE shop.mood USING btree FAMILY shop.fam AS STORAGE shop.mood;
CREATE FUNCTION shop.as_int(shop.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE CAST (shop.mood AS int) WITH FUNCTION shop.as_int(shop.mood) AS ASSIGNMENT;
CREATE TRANSFORM FOR ext.hstore LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON FUNCTION shop.twice(int) IS 'doubles';
REVOKE EXECUTE ON FUNCTION shop.twice(int) FROM PUBLIC;

CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE OF feeling ON shop.people FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.people DISABLE TRIGGER touched;
CREATE RULE quiet AS ON DELETE TO shop.quick DO INSTEAD NOTHING;
CREATE FUNCTION shop.noticed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER notices ON ddl_command_end WHEN TAG IN ('CREATE OPERATOR') EXECUTE FUNCTION shop.noticed();

ALTER TABLE shop.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.people AS RESTRICTIVE FOR SELECT TO tools_reader USING (id > 0);
CREATE POLICY all_of_them ON shop.people WITH CHECK (number > 0);

CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'true');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER far TYPE 'far' VERSION '1' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'h');
CREATE USER MAPPING FOR tools_reader SERVER far OPTIONS (user 'u', password 'p');
CREATE FOREIGN TABLE shop.away (a int OPTIONS (x 'y') NOT NULL) SERVER far OPTIONS (t 'away');

CREATE PUBLICATION few FOR TABLE shop.people WHERE (number > 0), TABLES IN SCHEMA public WITH (publish = 'insert');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE SUBSCRIPTION other_side CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION few
	WITH (connect = false, slot_name = NONE);

SELECT lo_from_bytea(70001, '\x00ff10');
COMMENT ON LARGE OBJECT 70001 IS 'an object';
ALTER TABLE shop.people OWNER TO tools_owner;
ANALYZE shop.people;

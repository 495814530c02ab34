-- A shop in which everything that is secret is a canary: @email1@ and its like stand for values that the two databases
-- of a test have differently, and in which they agree in everything else.
CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE address AS (street text, city text);
CREATE TYPE grade AS ENUM ('low', 'middle', 'high');
CREATE TABLE customers (
	id int PRIMARY KEY,
	name text NOT NULL,
	email mail UNIQUE,
	ssn bigint,
	born date,
	pay numeric(12, 2),
	doc jsonb,
	tags text[],
	home address,
	key uuid,
	raw bytea,
	rank grade,
	body xml,
	flag boolean,
	shout text GENERATED ALWAYS AS (upper(email::text)) STORED,
	CONSTRAINT plausible CHECK (ssn > 0)
);
INSERT INTO customers (id, name, email, ssn, born, pay, doc, tags, home, key, raw, rank, body, flag) VALUES
	(1, 'Ada', '@email1@', @ssn1@, '@born1@', @pay1@, '{"k": {"z": "@doc1@"}, "n": @ssn1@}', '{@tag1@,x}', ROW('@street1@', 'Ulm'), '@key1@', '\x@raw1@', '@rank1@', '<a b="@xml1@">@xml1@</a>', @flag1@),
	(2, 'Bob', '@email2@', @ssn2@, '@born2@', @pay2@, '{"k": {"z": "@doc2@"}, "n": @ssn2@}', '{@tag2@,y}', ROW('@street2@', 'Ulm'), '@key2@', '\x@raw2@', '@rank2@', '<a b="@xml2@">@xml2@</a>', @flag2@),
	(3, 'Cleo', '@email3@', @ssn3@, '@born3@', @pay3@, '{"k": {"z": "@doc3@"}, "n": @ssn3@}', '{@tag3@,z}', ROW('@street3@', 'Bonn'), '@key3@', '\x@raw3@', '@rank3@', '<a b="@xml3@">@xml3@</a>', @flag3@);
CREATE TABLE orders (
	id int PRIMARY KEY,
	customer_id int REFERENCES customers (id) ON DELETE CASCADE,
	amount numeric(10, 2) NOT NULL,
	note text
);
INSERT INTO orders SELECT n, 1 + n % 3, n * 10, 'note ' || n FROM generate_series(1, 9) n;
CREATE TABLE letters (id int, recipient mail REFERENCES customers (email) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO letters VALUES (1, '@email1@');
CREATE TABLE shelf (id int PRIMARY KEY, label text, number bigint, doc jsonb);
INSERT INTO shelf VALUES (1, 'one', 1, '{"a": 1}'), (2, 'two', 2, '{"a": 2}');
CREATE TABLE people (id int, email text);
CREATE TABLE members (level int) INHERITS (people);
INSERT INTO people VALUES (1, '@email1@');
INSERT INTO members VALUES (2, '@email2@', 3);
CREATE TABLE events (id int, email text, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events VALUES (1, '@email1@', '2024-05-01'), (2, '@email2@', '2026-05-01');
CREATE VIEW contacts AS SELECT id, name, email AS address, lower(email) AS lowered, c.home FROM customers c;
CREATE VIEW contacts_again AS SELECT o.id AS order_id, c.address, row_to_json(c) AS whole FROM orders o JOIN contacts c ON c.id = o.customer_id;
CREATE VIEW barrier WITH (security_barrier) AS SELECT id, email FROM customers WHERE id < 3;
CREATE MATERIALIZED VIEW mailing AS SELECT id, email, left(email, 12) AS start FROM customers;
CREATE VIEW mailing_view AS SELECT * FROM mailing;
CREATE FUNCTION emails() RETURNS SETOF mail LANGUAGE sql STABLE AS 'SELECT email FROM customers ORDER BY id';
CREATE FUNCTION email_of(wanted int) RETURNS text LANGUAGE sql STABLE AS 'SELECT email FROM customers WHERE id = wanted';
CREATE FUNCTION folded(wanted int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT email FROM customers WHERE id = wanted';
CREATE FUNCTION bound(wanted int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT email FROM customers WHERE id = wanted; END;
CREATE FUNCTION directory() RETURNS TABLE (who text, mail text) LANGUAGE sql STABLE AS 'SELECT name, email FROM customers ORDER BY id';
CREATE FUNCTION whole(wanted int) RETURNS customers LANGUAGE sql STABLE AS 'SELECT * FROM customers WHERE id = wanted';
CREATE FUNCTION mail_in(c customers) RETURNS text LANGUAGE sql STABLE AS 'SELECT c.email';
CREATE FUNCTION many(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT array_to_string(parts, '-')$$;
CREATE FUNCTION starts(whose int, with_what text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM customers WHERE id = whose AND email LIKE with_what)';
CREATE FUNCTION told(wanted int) RETURNS text LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE '%', (SELECT email FROM customers WHERE id = wanted); RETURN (SELECT email FROM customers WHERE id = wanted); END$$;
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'was %', (SELECT email FROM customers WHERE id = 1); RETURN NEW; END$$;
CREATE TABLE chatty (id int, note text);
CREATE TRIGGER says BEFORE INSERT ON chatty FOR EACH ROW EXECUTE FUNCTION say();
CREATE PROCEDURE tell() LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE '%', (SELECT string_agg(email, ' ') FROM customers); END$$;
CREATE PROCEDURE answer(INOUT found text) LANGUAGE sql AS 'SELECT email FROM customers WHERE id = 1';
CREATE AGGREGATE glue(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE FUNCTION same_start(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT left(a, 1) = left(b, 1)';
CREATE OPERATOR ~~~ (LEFTARG = text, RIGHTARG = text, FUNCTION = same_start);
CREATE TABLE tenants (id int, owner text, secret text);
INSERT INTO tenants VALUES (1, 'ada', '@doc1@'), (2, 'bob', '@doc2@');
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (id = 1);
CREATE TABLE ruled (id int, label text);
INSERT INTO ruled VALUES (1, 'a'), (2, 'b');
CREATE RULE peek AS ON UPDATE TO ruled DO ALSO SELECT email FROM customers ORDER BY id;
CREATE RULE swap AS ON DELETE TO ruled DO INSTEAD UPDATE customers SET name = name WHERE id = OLD.id RETURNING id, email::text;
CREATE SEQUENCE counter;
CREATE STATISTICS spread (mcv) ON email, name FROM customers;

-- Attempts to see a canary; one a line, ;; between statements that are sent one by one.
SELECT email FROM customers ORDER BY id
SELECT id, name FROM customers
SELECT shout FROM customers
SELECT address FROM contacts
SELECT whole FROM contacts_again
SELECT * FROM mailing_view
SELECT emails()
SELECT folded(1)
EXPLAIN VERBOSE SELECT folded(1)
EXPLAIN VERBOSE SELECT id FROM orders WHERE note = folded(1)
EXPLAIN SELECT id FROM orders WHERE note = folded(1)
SELECT email_of(1)
SELECT whole(1)
SELECT (whole(1)).email
SELECT (whole(1)).*
SELECT c.mail_in FROM customers c
SELECT mail_in(c) FROM customers c
SELECT many(email, name) FROM customers
SELECT many('x', email, name) FROM customers
SELECT starts(1, 'b%')
SELECT told(1)
DO $$BEGIN RAISE NOTICE '%', (SELECT email FROM customers WHERE id = 1); END$$
CALL tell()
CALL answer(NULL)
INSERT INTO chatty VALUES (1, 'x')
SELECT glue(email) FROM customers
UPDATE ruled SET label = 'x' WHERE id = 1
DELETE FROM ruled WHERE id = 1
SELECT email::int FROM customers
SELECT email::int FROM events_2024
SELECT email::int FROM members
SELECT level/0, email FROM members
INSERT INTO events_2024 SELECT id, email, '2030-01-01' FROM events_2024
BEGIN;;DELETE FROM customers WHERE id = 1;;COMMIT
BEGIN;;DELETE FROM customers WHERE id = 1;;SET CONSTRAINTS ALL IMMEDIATE
BEGIN;;DELETE FROM customers WHERE id = 1;;RELEASE x
UPDATE letters SET recipient = 'a@b' WHERE id = 1
DELETE FROM customers WHERE id = 1
UPDATE customers SET ssn = -1 WHERE id = 2
INSERT INTO customers (id, name) VALUES (1, 'x')
SELECT 1 FROM generate_series(1, (SELECT ascii(email) FROM customers WHERE id = 1))
SELECT 1, generate_series(1, ascii(email)) FROM customers WHERE id = 1
SELECT id, regexp_matches(email, '^b') FROM customers
SELECT id FROM customers, regexp_matches(email, '^b')
SELECT id, unnest(tags) FROM customers
SELECT id FROM customers, unnest(tags)
SELECT id FROM customers, jsonb_path_query(doc, '$.n ? (@ > 500000000000000000)')
SELECT id FROM customers ORDER BY email
SELECT id FROM customers ORDER BY flag, id
SELECT count(*) FROM customers WHERE flag
SELECT array_agg(id) FROM (SELECT left(email, 1) x, id FROM customers UNION ALL VALUES ('b', -1), ('w', -2)) t GROUP BY x
SELECT count(*) FROM (SELECT left(email, 1) FROM customers INTERSECT VALUES ('b')) t
SELECT count(*) FROM (SELECT left(email, 1) FROM customers UNION VALUES ('b')) t
SELECT count(*) FROM (SELECT left(email, 1) FROM customers EXCEPT VALUES ('b')) t
SELECT DISTINCT ON (left(email, 1)) id FROM (SELECT id, email FROM customers UNION ALL VALUES (-1, 'b'), (-2, 'w')) t
SELECT id, count(*) OVER (PARTITION BY left(email, 1)) FROM (SELECT id, email FROM customers UNION ALL VALUES (-1, 'b'), (-2, 'w')) t
SELECT id, row_number() OVER (ORDER BY email) FROM customers
SELECT c.id FROM customers c JOIN orders o ON o.id = c.id AND c.flag
SELECT id FROM customers LIMIT (SELECT CASE WHEN flag THEN 1 ELSE 2 END FROM customers WHERE id = 1)
SELECT id FROM customers LIMIT (SELECT ssn % 3 FROM customers WHERE id = 1)
SELECT EXISTS (SELECT FROM customers WHERE email LIKE 'b%')
SELECT 'x' WHERE (SELECT flag FROM customers WHERE id = 1)
SELECT coalesce((SELECT 1 FROM customers WHERE id = 1 AND flag), 0)
SELECT secret FROM tenants
SELECT stxdmcv FROM pg_statistic_ext_data
SELECT * FROM pg_stats_ext
SELECT most_common_vals FROM pg_stats_ext
SELECT pg_mcv_list_items(stxdmcv) FROM pg_statistic_ext_data
TABLE customers
COPY customers TO STDOUT
COPY (SELECT email FROM customers) TO STDOUT
COPY (SELECT id FROM customers ORDER BY id) TO STDOUT
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF) SELECT 1 FROM customers WHERE flag
EXPLAIN SELECT 1 FROM customers WHERE email > 'm'
EXPLAIN SELECT * FROM customers
CREATE VIEW v2 AS SELECT upper(email) AS u FROM customers;;SELECT u FROM v2;;DROP VIEW v2
BEGIN;;CREATE VIEW v2 AS SELECT upper(email) AS u FROM customers;;SELECT u FROM v2;;ROLLBACK
BEGIN;;CREATE TEMP VIEW orders AS SELECT upper(email) AS u FROM customers;;SELECT u FROM orders;;ROLLBACK
BEGIN;;CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'select email from customers limit 1';;SELECT f();;ROLLBACK
BEGIN;;CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS 'begin return email from customers limit 1; end';;SELECT f();;ROLLBACK
BEGIN;;ALTER TABLE customers ALTER COLUMN email TYPE int USING 1/0;;ROLLBACK
BEGIN;;ALTER TABLE customers ALTER COLUMN email TYPE text USING lower(email);;ROLLBACK
BEGIN;;ALTER TABLE customers ADD CHECK (ssn < 5);;ROLLBACK
BEGIN;;CREATE UNIQUE INDEX ON people (left(email,0));;ROLLBACK
BEGIN;;CREATE UNIQUE INDEX ON people ((1));;ROLLBACK
BEGIN;;CREATE INDEX ON customers ((email::int));;ROLLBACK
BEGIN;;ALTER TABLE customers DROP COLUMN shout;;ROLLBACK
BEGIN;;CREATE TABLE kid () INHERITS (customers);;SELECT email FROM customers;;ROLLBACK
BEGIN;;ALTER TABLE people ADD CONSTRAINT x UNIQUE (email);;ROLLBACK
WITH RECURSIVE r(n, x) AS (SELECT 1, email::text FROM customers WHERE id = 1 UNION ALL SELECT n + 1, x || 'a' FROM r WHERE n < 3) SELECT n, x FROM r
WITH RECURSIVE r(n, x) AS (SELECT 1, email::text FROM customers WHERE id = 1 UNION ALL SELECT n + 1, x FROM r WHERE n < 3 AND x > 'm') SELECT n FROM r
WITH RECURSIVE r(n) AS (SELECT ascii(email) FROM customers WHERE id = 1 UNION ALL SELECT n - 1 FROM r WHERE n > 0) SELECT 1 FROM r
WITH RECURSIVE r(n, m) AS (SELECT 0, ascii(email) FROM customers WHERE id = 1 UNION SELECT n + 1, m FROM r WHERE n < 3) CYCLE n SET c USING p SELECT c, p, n FROM r
WITH RECURSIVE r(n, m) AS (SELECT 0, ascii(email) FROM customers WHERE id = 1 UNION ALL SELECT n + 1, (m + 1) % 5 FROM r WHERE n < 7) CYCLE m SET c USING p SELECT n, c FROM r
WITH RECURSIVE r(n, m) AS (SELECT 0, email::text FROM customers UNION ALL SELECT n + 1, m FROM r WHERE n < 2) SEARCH DEPTH FIRST BY m SET o SELECT n FROM r ORDER BY o
WITH RECURSIVE r(n, m) AS (SELECT 0, email::text FROM customers UNION ALL SELECT n + 1, m FROM r WHERE n < 2) SEARCH BREADTH FIRST BY m SET o SELECT o FROM r
VALUES ((SELECT email FROM customers WHERE id = 1))
VALUES ('x'::text), ((SELECT email FROM customers WHERE id = 1)), ('y')
SELECT * FROM (VALUES ((SELECT email FROM customers WHERE id = 1), 1)) v(a, b)
SELECT ROW(id, email) FROM customers
SELECT (id, email) FROM customers
SELECT (t).email FROM (SELECT c AS t FROM customers c) s
SELECT (t).* FROM (SELECT c AS t FROM customers c) s
SELECT (s.t).shout FROM (SELECT c AS t FROM customers c) s
SELECT t FROM (SELECT * FROM customers) t
SELECT (SELECT t) FROM (SELECT * FROM customers) t
SELECT (SELECT c) FROM customers c
SELECT ((SELECT c)).email FROM customers c
SELECT (SELECT c).* FROM customers c
SELECT (ARRAY(SELECT c FROM customers c))[1]
SELECT (ARRAY(SELECT c FROM customers c))[1].email
SELECT (ARRAY(SELECT c FROM customers c))[1:2]
SELECT (array_agg(c))[1].email FROM customers c
SELECT ((array_agg(c))[1]).* FROM customers c
SELECT (json_populate_record(NULL::customers, row_to_json(c))).* FROM customers c
SELECT (jsonb_populate_record(NULL::customers, to_jsonb(c))).email FROM customers c
SELECT x.* FROM customers c, jsonb_to_record(to_jsonb(c)) AS x(id int, email text, shout text)
SELECT r.* FROM customers c, jsonb_populate_record(c, '{}') r
SELECT key, value FROM customers c, jsonb_each_text(to_jsonb(c))
SELECT key FROM customers c, jsonb_each_text(jsonb_build_object(c.email, 1))
SELECT jsonb_object_keys(jsonb_build_object(email, 1)) FROM customers
SELECT doc -> 'k' -> 'z', doc #>> '{k,z}', doc ->> 'n', doc['k']['z'] FROM customers
SELECT jsonb_path_query(doc, '$.k.z'), jsonb_path_exists(doc, '$.k') FROM customers
SELECT jsonb_path_query_array('{"a":1}', '$', jsonb_build_object('v', email)) FROM customers
SELECT doc @> '{"n": 1}' FROM customers
SELECT doc - 'n', doc || '{}', jsonb_set(doc, '{q}', '1'), jsonb_pretty(doc) FROM customers
SELECT tags[1], tags[1:1], tags || 'a', array_to_string(tags, ','), cardinality(tags), tags && ARRAY['x'] FROM customers
SELECT (home).street, home, (home).city FROM customers
SELECT home.street FROM customers
SELECT (c.home).* FROM customers c
SELECT (contacts.home).street FROM contacts
SELECT ROW((home).*) FROM customers
SELECT xpath('//a/@b', body), xmlserialize(content body AS text), body::text, xmlelement(name x, email), xmlforest(email, id), xmlconcat(body, '<x/>') FROM customers
SELECT xmlagg(body) FROM customers
SELECT x.* FROM customers, xmltable('//a' PASSING body COLUMNS b text PATH '@b') x
SELECT table_to_xml('customers', true, false, '')
SELECT query_to_xml('select email from customers', true, false, '')
SELECT query_to_xml_and_xmlschema('select 1', true, false, '')
SELECT cursor_to_xml('x', 1, true, false, '')
SELECT database_to_xml(true, false, '')
SELECT schema_to_xml('public', true, false, '')
SELECT id, lag(email) OVER (), first_value(email) OVER (), nth_value(email, 2) OVER (), count(email) OVER () FROM customers
SELECT id, lag(1, length(email)) OVER () FROM customers
SELECT ntile(2) OVER (PARTITION BY email) FROM customers
SELECT sum(1) OVER w FROM customers WINDOW w AS (ROWS BETWEEN (SELECT ascii(email) FROM customers LIMIT 1) PRECEDING AND CURRENT ROW)
SELECT string_agg(email, ','), array_agg(email), json_agg(email), jsonb_agg(c), min(email), max(email), mode() WITHIN GROUP (ORDER BY email) FROM customers c
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY pay), percentile_cont(0.5) WITHIN GROUP (ORDER BY pay) FROM customers
SELECT avg(pay), sum(ssn), stddev(pay), bool_or(flag), bit_and(ssn), corr(pay, ssn), count(DISTINCT email) FROM customers
SELECT count(*) FILTER (WHERE flag) FROM customers
SELECT string_agg(name, ',' ORDER BY email) FROM customers
SELECT json_object_agg(email, id), jsonb_object_agg(id, email) FROM customers
SELECT regexp_replace(email, '(.)', '\1-', 'g'), regexp_match(email, '.*'), substring(email from 1 for 3), overlay(email placing 'x' from 2), split_part(email, '@', 1), translate(email, 'a', 'b'), reverse(email), initcap(email), md5(email), encode(email::text::bytea, 'base64'), format('%s', email), quote_literal(email), ascii(email), length(email), email || '', concat(email), concat_ws(' ', email, id), to_char(pay, '999'), repeat(email, 2), lpad(email, 60), to_json(email), sha256(email::text::bytea), position('a' in email), starts_with(email, 'b') FROM customers
SELECT email > 'm', email LIKE 'b%', email ~ '^b', email BETWEEN 'a' AND 'c', email IN ('a'), email = ANY ('{a}'), email IS NULL, email IS DISTINCT FROM 'a', (email, id) > ('m', 1), flag, NOT flag, flag IS TRUE, flag AND true, nullif(email, 'a'), coalesce(email, 'x'), greatest(email, 'm') FROM customers
SELECT CASE flag WHEN true THEN 1 END FROM customers
SELECT CASE WHEN id = 1 THEN email ELSE name END FROM customers
SELECT email COLLATE "C" FROM customers
SELECT email::varchar(3), email::name, email::text::bytea, ssn::text, born::text, pay::int, key::text, raw::text, rank::text, flag::int FROM customers
SELECT cast(c AS text) FROM customers c
SELECT c::text FROM customers c
SELECT textin(record_out(c)) FROM customers c
SELECT hashtext(email), pg_typeof(email), pg_column_size(email), octet_length(raw), get_byte(raw, 0), rank > 'low' FROM customers
SELECT enum_range(rank), enum_first(rank), rank FROM customers
SELECT id FROM customers WHERE email = 'ada@example.com'
SELECT id FROM customers WHERE email IN (SELECT email FROM customers WHERE id = 1)
SELECT id FROM customers WHERE (id, email) = (1, 'x')
SELECT id FROM customers WHERE ROW(id, email) IN (SELECT 1, 'x')
SELECT a.id FROM customers a NATURAL JOIN people b
SELECT a.id FROM people a JOIN members b USING (email)
SELECT count(*) FROM customers a FULL JOIN people b ON a.email = b.email
SELECT id FROM customers FETCH FIRST (SELECT ssn % 2 + 1 FROM customers WHERE id = 1) ROWS ONLY
SELECT id FROM customers ORDER BY id OFFSET (SELECT flag::int FROM customers WHERE id = 1)
SELECT id FROM customers ORDER BY id FETCH FIRST 2 ROWS WITH TIES
SELECT id FROM customers TABLESAMPLE bernoulli((SELECT flag::int * 100 FROM customers WHERE id = 1))
SELECT id FROM customers TABLESAMPLE bernoulli(100) REPEATABLE ((SELECT ssn % 3 FROM customers WHERE id = 1))
SELECT x FROM LATERAL (SELECT email AS x FROM customers) q
SELECT q.x FROM customers c, LATERAL (SELECT c.email AS x) q
SELECT q.* FROM customers c, LATERAL (VALUES (c.email), (c.name)) q
SELECT q FROM customers c CROSS JOIN LATERAL unnest(ARRAY[c.email, c.name]) q
SELECT * FROM ROWS FROM (emails(), generate_series(1, 3)) WITH ORDINALITY
SELECT e FROM emails() e
SELECT d FROM directory() d
SELECT mail FROM directory()
SELECT (directory()).mail
SELECT (directory()).*
SELECT directory()
SELECT * FROM whole(1)
SELECT bound(1)
SELECT email FROM customers UNION SELECT name FROM customers
SELECT name FROM customers UNION ALL SELECT email FROM customers
SELECT name FROM customers EXCEPT SELECT email FROM customers
UPDATE customers SET name = name WHERE id = 1 RETURNING email
UPDATE customers SET name = name WHERE id = 1 RETURNING *
UPDATE customers SET email = email WHERE id = 1
UPDATE customers SET name = (email).x WHERE id = 1
UPDATE orders SET note = 'x' FROM customers c WHERE c.id = orders.customer_id AND c.flag
UPDATE orders SET note = 'x' FROM customers c WHERE c.id = orders.customer_id RETURNING c.email, orders.id
DELETE FROM orders USING customers c WHERE c.id = orders.customer_id RETURNING c.email
DELETE FROM orders USING customers c WHERE c.id = orders.customer_id AND c.flag
INSERT INTO customers (id, name, email) VALUES (1, 'x', 'y@z') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING email, name
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE customers.flag RETURNING id
INSERT INTO customers (id, name, email) VALUES (9, 'x', 'y@z') RETURNING email
WITH u AS (UPDATE customers SET name = name WHERE id = 1 RETURNING *) SELECT email, shout FROM u
BEGIN;;DECLARE k CURSOR FOR SELECT email, shout FROM customers;;FETCH ALL FROM k;;COMMIT
BEGIN;;DECLARE k CURSOR FOR SELECT id FROM customers WHERE flag;;FETCH ALL FROM k;;COMMIT
BEGIN;;DECLARE k CURSOR WITH HOLD FOR SELECT email FROM customers;;COMMIT;;FETCH 2 FROM k
BEGIN;;DECLARE k CURSOR FOR SELECT c FROM customers c;;FETCH FORWARD 2 FROM k;;MOVE 1 IN k;;COMMIT
BEGIN;;DECLARE k CURSOR FOR SELECT id, name FROM customers FOR UPDATE;;FETCH 1 FROM k;;UPDATE customers SET name = name WHERE CURRENT OF k RETURNING email;;ROLLBACK
PREPARE p AS SELECT email FROM customers WHERE id = $1;;EXECUTE p(1);;DEALLOCATE p
PREPARE p(text) AS SELECT id FROM customers WHERE email LIKE $1;;EXECUTE p('b%')
PREPARE p(text) AS SELECT id FROM orders WHERE note = $1;;EXECUTE p((SELECT 'a'));;EXECUTE p(email_of(1));;EXPLAIN EXECUTE p(folded(1));;EXPLAIN EXECUTE p(email_of(1))
PREPARE p(text) AS SELECT $1;;EXECUTE p(email_of(1));;EXPLAIN (VERBOSE) EXECUTE p(email_of(1))
PREPARE p(int) AS SELECT id FROM orders LIMIT $1;;EXECUTE p(length(email_of(1)))
SELECT nextval(email) FROM customers
SELECT pg_advisory_lock(ssn) FROM customers;;SELECT objid, classid FROM pg_locks WHERE locktype = 'advisory'
SELECT lo_from_bytea(0, email::text::bytea) FROM customers
SELECT pg_stat_get_activity(NULL)
SELECT query FROM pg_stat_activity
SELECT statement FROM pg_prepared_statements
SELECT * FROM pg_cursors
SELECT stavalues1 FROM pg_statistic
SELECT histogram_bounds FROM pg_stats
SELECT relname FROM pg_class WHERE relname LIKE 'pg_toast%' LIMIT 0
SELECT most_common_vals::text FROM pg_stats
SELECT reltuples FROM pg_class WHERE relname = 'customers'
EXPLAIN (VERBOSE, COSTS OFF) SELECT email FROM customers WHERE id = (SELECT max(id) FROM customers)
EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, COSTS OFF, SUMMARY OFF, BUFFERS OFF) SELECT repeat('x', ascii(email) * 10000) FROM customers GROUP BY 1
EXPLAIN (ANALYZE, SERIALIZE, TIMING OFF, COSTS OFF, SUMMARY OFF, BUFFERS OFF) SELECT repeat('x', ascii(email) * 1000) FROM customers
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF, BUFFERS OFF) WITH c AS MATERIALIZED (SELECT repeat('x', ascii(email) * 1000) r FROM customers WHERE id = 1) SELECT 1 FROM c
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF, BUFFERS OFF) SELECT r, row_number() OVER (ORDER BY id) FROM (SELECT id, repeat('x', ascii(email) * 1000) r FROM customers OFFSET 0) t
EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF, BUFFERS OFF) SELECT r FROM (SELECT id, repeat('x', ascii(email) * 1000) r FROM customers OFFSET 0) t ORDER BY id
EXPLAIN (VERBOSE, FORMAT JSON) SELECT folded(1)
SELECT 1 FROM pg_sleep((SELECT ascii(email) FROM customers WHERE id = 1) / 100000.0)
SELECT email AS id, id AS email FROM customers
SELECT "customers"."email" FROM "public"."customers"
SELECT U&"\0065mail" FROM customers
SELECT customers FROM customers
SELECT c.* FROM customers AS c(a, b, d)
SELECT d FROM customers AS c(a, b, d)
SELECT x.d FROM (customers AS c(a, b, d) CROSS JOIN orders) AS x
SELECT j.email FROM (customers c JOIN orders o ON o.id = c.id) AS j
SELECT count(*), grouping(name) FROM customers GROUP BY CUBE (name) HAVING max(email) > 'm'
SELECT name FROM customers GROUP BY name HAVING bool_or(flag)
SELECT id FROM customers c WHERE c IS NOT NULL
SELECT id FROM customers c WHERE c = (SELECT x FROM customers x WHERE id = 1)
SELECT id FROM customers c WHERE c > (SELECT x FROM customers x WHERE id = 1)
SELECT count(*) FROM customers c WHERE c.email IS NULL
SELECT DISTINCT flag FROM customers
SELECT id FROM customers c GROUP BY c.id, c
SELECT json_object('e': email, 'i': id) FROM customers
SELECT json_array(SELECT email FROM customers)
SELECT json_value(doc, '$.k.z'), json_query(doc, '$.k'), json_exists(doc, '$.k ? (@.z starts with "b")') FROM customers
SELECT t.* FROM customers, json_table(doc, '$' COLUMNS (z text PATH '$.k.z')) t
SELECT json_scalar(email), json_serialize(doc), email IS JSON FROM customers
SELECT pg_get_viewdef('contacts'::regclass)
SELECT id ~~~ 'x' FROM customers
SELECT email ~~~ 'bx' FROM customers
SELECT id FROM customers WHERE email ~~~ 'bx'
SELECT id FROM customers WHERE email OPERATOR(public.~~~) 'bx'
SELECT ts_stat('select to_tsvector(email) from customers')
SELECT ts_headline(email, to_tsquery('b')), to_tsvector(email), ts_rank(to_tsvector(email), to_tsquery('b')) FROM customers
SELECT * FROM ts_parse('default', email_of(1))
SELECT * FROM string_to_table(email_of(1), '')
SELECT * FROM regexp_split_to_table(email_of(1), '')
SELECT amount, email FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id = 1
SELECT min(o.id) FROM orders o JOIN LATERAL (SELECT flag f FROM customers c WHERE c.id = o.customer_id) z ON z.f
SELECT a.id FROM customers a, customers b WHERE a.email < b.email
SELECT id FROM people
SELECT email FROM ONLY people
SELECT email FROM members
SELECT email FROM events_2024
SELECT count(*) FROM events_2024 WHERE email LIKE 'b%'
SELECT count(*) FROM members WHERE email LIKE 'b%'
SELECT * FROM barrier WHERE email > 'm'
SELECT start FROM mailing
SELECT start FROM mailing GROUP BY start
DELETE FROM customers WHERE ctid = '(0,1)' AND flag
CREATE INDEX ON customers (upper(email))
ALTER TABLE customers ADD COLUMN c2 text GENERATED ALWAYS AS (lower(email)) STORED
SELECT nullif(left(email, 1), 'b') FROM customers
SELECT (ARRAY['x'])[ascii(email) - 97] FROM customers
SELECT substring(email from '^b.*') FROM customers
DELETE FROM ruled WHERE id = 1 RETURNING *
SELECT email FROM customers WHERE email IS NOT NULL AND email IN ('a', 'b') AND email <> 'x'
BEGIN;;UPDATE ruled SET label = 'x' RETURNING label;;ROLLBACK
SELECT e.shout FROM customers e
SELECT c2.* FROM customers c1 JOIN customers c2 USING (id)
SELECT row_to_json(row(email, shout)) FROM customers
SELECT ('x' || email)::varchar(8), (email || '')::char(4), email::text COLLATE "C" FROM customers
SELECT json_build_array(VARIADIC ARRAY[email, name]) FROM customers
SELECT (json_each_text(to_json(c))).value FROM customers c
SELECT unnest(ARRAY[email, name]) FROM customers
SELECT min(email) OVER (PARTITION BY name ORDER BY id ROWS 1 PRECEDING) FROM customers
SELECT x FROM customers c, unnest(string_to_array(c.email, NULL)) WITH ORDINALITY AS u(x, n)
SELECT id FROM customers c WHERE EXISTS (SELECT FROM regexp_matches(c.email, '^b'))
SELECT id FROM customers c WHERE (SELECT count(*) FROM regexp_split_to_table(c.email, 'b')) > 1
SELECT count(*) FROM customers c LEFT JOIN LATERAL (SELECT 1 LIMIT length(c.email) % 2) x ON true
SELECT count(*) FROM customers GROUP BY GROUPING SETS ((left(email, 1)), ())
SELECT id FROM customers ORDER BY nullif(email, 'x')
SELECT DISTINCT left(email, 1) IS NULL FROM customers
SELECT (SELECT email FROM customers WHERE id = o.id) FROM orders o
SELECT array_position(ARRAY['b', 'w'], left(email, 1)) FROM customers
SELECT lead(name, ascii(email) - 97) OVER (ORDER BY id) FROM customers
SELECT nth_value(name, 1 + length(email) % 2) OVER (ORDER BY id) FROM customers
SELECT (ARRAY[name, 'x'])[1 + length(email) % 2] FROM customers
SELECT name FROM customers WINDOW w AS (ORDER BY email)
SELECT first_value(id) OVER w FROM customers WINDOW w AS (ORDER BY email)
WITH x AS MATERIALIZED (SELECT email FROM customers) SELECT upper(email) FROM x
WITH RECURSIVE x(e) AS (SELECT email::text FROM customers UNION SELECT left(e, 1) FROM x) SELECT count(*) FROM x
SELECT CASE WHEN EXISTS (SELECT FROM customers WHERE email LIKE 'b%') THEN 1 ELSE 0 END
SELECT count(*) FROM (SELECT email FROM customers INTERSECT SELECT email FROM people) x
SELECT a.id FROM customers a, customers b WHERE a.email = b.email AND b.id = 1
SELECT id FROM customers WHERE email = lower(email)
SELECT id FROM customers WHERE email = (SELECT email FROM customers WHERE id = 2)
SELECT id FROM customers WHERE ssn BETWEEN 1 AND 500000000000000000
SELECT id FROM customers WHERE doc @> '{"n": 1}'
SELECT id FROM customers WHERE 'x' = ANY (tags)
SELECT id FROM customers WHERE (home).city = 'Ulm'
SELECT id FROM customers WHERE extract(year FROM born) > 1850
PREPARE q AS SELECT shout, (c).email, home FROM customers c;;EXECUTE q
BEGIN;;DECLARE z CURSOR FOR SELECT upper(email) FROM customers;;FETCH ABSOLUTE 2 FROM z;;MOVE BACKWARD ALL IN z;;FETCH NEXT FROM z;;COMMIT
UPDATE customers SET flag = NOT flag WHERE id = 1 RETURNING flag, name
SELECT id, email FROM customers ORDER BY 1;;SELECT id, email FROM customers ORDER BY 2;;SELECT id, email FROM customers ORDER BY 2
SELECT id, left(email, 1) FROM customers GROUP BY 1, 2;;SELECT count(*), left(email, 1) FROM customers GROUP BY 2
SELECT name, email FROM customers WHERE email = 'a';;SELECT name, email FROM customers WHERE email = email
SELECT id FROM customers WHERE left('email', 1) = 'e';;SELECT id FROM customers WHERE left(email, 1) = 'b'
SELECT DISTINCT ON (1) id, email FROM customers;;SELECT DISTINCT ON (2) id, left(email, 1) FROM customers
SELECT id FROM customers WHERE 'x' IN ('a');;SELECT id FROM customers WHERE email IN ('a', email)
SELECT email FROM customers -- x
/* a */ SELECT /* b */ email /* c */ FROM customers
SELECT "email" FROM "customers"
SELECT U&"\0065mail", U&"!0065mail" UESCAPE '!' FROM customers
SELECT EMAIL FROM CUSTOMERS
select$1from customers
SELECT 1 FROM customers WHERE $$b$$ < email
SELECT E'\x65mail', email FROM customers
SET search_path = pg_catalog;;SELECT email FROM public.customers;;SELECT shout FROM customers
SET ROLE postgres;;SELECT email FROM customers
BEGIN;;SAVEPOINT a;;CREATE TEMP VIEW customers AS SELECT upper(email) AS email FROM public.customers;;SELECT email FROM customers;;ROLLBACK TO a;;SELECT email FROM customers;;COMMIT
BEGIN;;CREATE FUNCTION peek() RETURNS SETOF customers LANGUAGE sql AS 'SELECT * FROM customers';;SELECT (peek()).*;;ROLLBACK
BEGIN;;CREATE FUNCTION upper2(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';;SELECT upper2(email) FROM customers;;EXPLAIN VERBOSE SELECT upper2(email) FROM customers;;ROLLBACK
BEGIN;;CREATE VIEW vv AS SELECT * FROM customers UNION ALL SELECT * FROM customers;;SELECT email, shout, home FROM vv;;ROLLBACK
BEGIN;;ALTER TYPE address RENAME ATTRIBUTE street TO road;;SELECT (home).road FROM customers;;ROLLBACK
BEGIN;;CREATE AGGREGATE cat2(text) (SFUNC = textcat, STYPE = text);;SELECT cat2(email) FROM customers;;ROLLBACK
BEGIN;;CREATE CAST (mail AS int) WITH INOUT AS IMPLICIT;;SELECT email::int FROM customers;;ROLLBACK
COPY (SELECT shout FROM customers) TO STDOUT
COPY customers (id, name) TO STDOUT
COPY customers (id, shout) TO STDOUT
COPY contacts TO STDOUT
COPY members TO STDOUT
COPY mailing TO STDOUT
BEGIN;;ALTER DOMAIN mail ADD CHECK (VALUE < 'm');;ROLLBACK
BEGIN;;ALTER DOMAIN mail ADD CHECK (VALUE < 'm') NOT VALID;;ROLLBACK
BEGIN;;ALTER TABLE customers ALTER COLUMN ssn TYPE int;;ROLLBACK
BEGIN;;DELETE FROM customers WHERE id > 1;;CREATE TABLE pa (LIKE customers) PARTITION BY LIST (flag);;ALTER TABLE pa ATTACH PARTITION customers FOR VALUES IN (true);;ROLLBACK
BEGIN;;CREATE TRIGGER z BEFORE UPDATE ON customers FOR EACH ROW WHEN (OLD.flag) EXECUTE FUNCTION suppress_redundant_updates_trigger();;UPDATE customers SET name = name;;ROLLBACK
BEGIN;;CREATE TRIGGER z BEFORE UPDATE ON customers FOR EACH ROW WHEN (NEW.email < 'm') EXECUTE FUNCTION suppress_redundant_updates_trigger();;UPDATE customers SET name = name;;ROLLBACK
BEGIN;;CREATE RULE r AS ON UPDATE TO customers WHERE OLD.flag DO INSTEAD NOTHING;;UPDATE customers SET name = name;;ROLLBACK
BEGIN;;CREATE INDEX i ON customers (id) WHERE flag;;SELECT reltuples FROM pg_class WHERE relname = 'i';;ROLLBACK
BEGIN;;ALTER TABLE customers ADD CONSTRAINT x CHECK (ssn < 500000000000000000) NOT VALID;;ALTER TABLE customers VALIDATE CONSTRAINT x;;ROLLBACK
BEGIN;;UPDATE customers SET ssn = ssn - 500000000000000000 WHERE id = 1;;ROLLBACK
BEGIN;;CREATE DOMAIN low AS text CHECK (VALUE < 'm');;SELECT email::text::low FROM customers WHERE id = 1;;ROLLBACK
MERGE INTO shelf s USING customers c ON s.id = c.id AND c.flag WHEN MATCHED THEN UPDATE SET label = label
MERGE INTO shelf s USING customers c ON s.id = c.id WHEN MATCHED AND c.flag THEN UPDATE SET label = label
SELECT setval('counter', ssn % 1000 + 1) FROM customers WHERE id = 1;;SELECT last_value FROM counter
SELECT attmissingval FROM pg_attribute WHERE attmissingval IS NOT NULL
DO $$BEGIN IF (SELECT flag FROM customers WHERE id = 1) THEN RAISE NOTICE 'yes'; END IF; END$$
BEGIN;;CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE plpgsql AS 'DECLARE x int := 0; r record; BEGIN FOR r IN SELECT flag FROM customers ORDER BY id LOOP x := x * 2; IF r.flag THEN x := x + 1; END IF; END LOOP; RETURN x; END';;SELECT pg_temp.f();;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f(x boolean) RETURNS int LANGUAGE plpgsql AS 'BEGIN IF x THEN RAISE EXCEPTION USING ERRCODE = ''P0042''; END IF; RETURN 2; END';;SELECT pg_temp.f(flag) FROM customers;;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f(x text) RETURNS int LANGUAGE plpgsql AS 'BEGIN ASSERT x < ''m''; RETURN 2; END';;SELECT pg_temp.f(email) FROM customers WHERE id = 1;;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM 1/(SELECT flag::int FROM customers WHERE id = 1); RETURN 1; EXCEPTION WHEN division_by_zero THEN RETURN 2; END';;SELECT pg_temp.f();;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f(x boolean) RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM 1/x::int; RETURN 1; EXCEPTION WHEN OTHERS THEN RETURN 2; END';;SELECT pg_temp.f(flag) FROM customers;;ROLLBACK
DO $$DECLARE e text; BEGIN SELECT email INTO e FROM customers WHERE id = 1; FOR c IN 32..126 LOOP BEGIN PERFORM 1/(ascii(e) - c); EXCEPTION WHEN division_by_zero THEN RAISE NOTICE '%', chr(c); END; END LOOP; END$$
BEGIN;;SELECT coalesce(nullif(left(email, 1), 'b'), nextval('counter')::text) FROM customers WHERE id = 1;;SELECT last_value, is_called FROM counter;;ROLLBACK
BEGIN;;SELECT flag AND nextval('counter') > 0 FROM customers WHERE id = 1;;ROLLBACK;;SELECT last_value, is_called FROM counter
BEGIN;;CREATE FUNCTION pg_temp.f(text) RETURNS bigint STRICT LANGUAGE sql AS 'SELECT nextval(''counter'')';;SELECT pg_temp.f(nullif(left(email, 1), 'b')) FROM customers WHERE id = 1;;ROLLBACK;;SELECT last_value, is_called FROM counter
BEGIN;;CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE plpgsql AS 'DECLARE e text; n int := 0; c text; BEGIN SELECT email INTO e FROM customers WHERE id = 1; FOREACH c IN ARRAY string_to_array(repeat(''x,'', ascii(e)), '','') LOOP n := n + 1; END LOOP; RETURN n; END';;SELECT pg_temp.f();;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.flag THEN RETURN NULL; END IF; RETURN NEW; END';;CREATE TRIGGER z BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION pg_temp.t();;UPDATE customers SET name = name;;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE plpgsql AS 'DECLARE a int[] := ''{}''; e text; BEGIN SELECT email INTO e FROM customers WHERE id = 1; a[ascii(e)] := 1; RETURN array_lower(a, 1); END';;SELECT pg_temp.f();;ROLLBACK
-- Whether it failed tells a bit of the value.
SELECT 1/(ascii(email)-98) FROM customers WHERE id=1
SELECT 1 FROM (SELECT 1/(ascii(email)-98) AS x FROM customers WHERE id=1) q WHERE x = 1
SELECT chr(ascii(email)-98) FROM customers WHERE id=1
SELECT substring('abc' from 1 for ascii(email)-100) FROM customers WHERE id=1
SELECT pay::int + 2147480000 FROM customers WHERE id=1
SELECT ssn::int FROM customers WHERE id=1
SELECT ssn * 9000000000000 FROM customers WHERE id=1
SELECT email::int FROM customers WHERE id=1
SELECT email::json FROM customers WHERE id=1
SELECT int4(pay) FROM customers WHERE id=1
SELECT repeat('x', ascii(email)*10000000) FROM customers WHERE id=1
SELECT repeat(email, 10000000) FROM customers WHERE id=1
SELECT length(replace(email, left(email, 1), repeat('x', 600000000))) FROM customers WHERE id=1
SELECT generate_series(1, ascii(email), ascii(email)-98) FROM customers WHERE id=1
SELECT format(email) FROM customers WHERE id=1
SELECT format(replace(email, 'b', '%')) FROM customers WHERE id=1
SELECT regexp_match('a', replace(email, 'b', '(')) FROM customers WHERE id=1
SELECT email LIKE 'b\' FROM customers WHERE id=1
SELECT 'a' LIKE replace(email, 'm', '\') FROM customers WHERE id=1
SELECT to_date(email, 'YYYY') FROM customers WHERE id=1
SELECT sqrt(pay - 5000) FROM customers WHERE id=1
SELECT ln(pay - 5000), log(pay - 5000), power(pay, 99999) FROM customers WHERE id=1
SELECT exp(pay) FROM customers WHERE id=1
SELECT jsonb_array_elements(doc) FROM customers WHERE id=1
SELECT jsonb_array_length(doc) FROM customers WHERE id=1
SELECT array_position(ARRAY[[ssn]], 1), array_fill(1, ARRAY[ssn::int]) FROM customers WHERE id=1
SELECT width_bucket(pay, pay, 5000, 3) FROM customers WHERE id=1
SELECT set_byte(raw, ascii(email) - 98, 0), get_byte(raw, ascii(email)) FROM customers WHERE id=1
SELECT decode(email, 'hex'), decode(md5(email) || left(email, 1), 'hex') FROM customers WHERE id=1
SELECT ARRAY[tags, CASE WHEN true THEN ARRAY['a', 'b'] END] FROM customers WHERE id=1
SELECT array_agg(string_to_array(email, 'b')) FROM customers
SELECT born + ssn::int FROM customers WHERE id=1
SELECT make_date(ssn::int, 1, 1) FROM customers WHERE id=1
SELECT now() AT TIME ZONE email FROM customers WHERE id=1
SELECT interval '1 day' * ssn FROM customers WHERE id=1
SELECT json_build_object(nullif(left(email, 1), 'b'), 1) FROM customers WHERE id=1
SELECT sum(v) FROM (SELECT pay AS v FROM customers WHERE id=1 UNION ALL SELECT 1e131072 - 5000) q
SELECT pay::numeric(5, 2) FROM customers WHERE id=1
SELECT rank::text::int, left(rank::text, 1)::boolean FROM customers WHERE id=1
SELECT to_char(ssn, '9V99999999999999'), to_char(pay, 'RN') FROM customers WHERE id=1
SELECT many(VARIADIC string_to_array(email, 'b')) FROM customers WHERE id=1
SELECT folded(length(email) * 100000000) FROM customers WHERE id=1
SELECT CASE email WHEN 'x' THEN 1 ELSE 1/(ascii(email)-98) END FROM customers WHERE id=1
SELECT coalesce(1/(ascii(email)-98), 0) FROM customers WHERE id=1
SELECT count(1/(ascii(email)-98)) FROM customers WHERE id=1
SELECT max(1/(ascii(email)-98)) OVER () FROM customers WHERE id=1
SELECT sum(1) OVER (ORDER BY id ROWS BETWEEN (SELECT ascii(email) - 98 FROM customers WHERE id=1) PRECEDING AND CURRENT ROW) FROM orders
WITH w AS MATERIALIZED (SELECT 1/(ascii(email)-98) AS x FROM customers WHERE id=1) SELECT count(*) FROM w
SELECT x.* FROM customers c, LATERAL (SELECT 1/(ascii(c.email)-98)) x WHERE id=1
UPDATE customers SET name = name WHERE id = 1 RETURNING 1/(ascii(email)-98)
COPY (SELECT 1/(ascii(email)-98) FROM customers WHERE id=1) TO STDOUT

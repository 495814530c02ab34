-- What people do at psql's prompt, errors included; compared line by line with the same on the server itself.
\set VERBOSITY verbose
\timing off
SELECT id, name, balance, born, seen, tags, extra, photo, active, NULL AS nothing FROM customers WHERE id <= 3 ORDER BY id;
\x
SELECT * FROM contacts WHERE id = 1;
\x
SELECT 1; SELECT 2 AS two;
SELECT 1 \; SELECT 2 \; SELECT 3;
SELECT 1 AS a, 'x' AS b \gset
\echo :a :b
SELECT id, total, at FROM orders \gdesc
SELECT format('SELECT %s AS made', n) FROM generate_series(1, 3) n \gexec
SELECT name, extra ->> 'n' AS n, 1 AS v FROM customers WHERE id < 3 \crosstabview
BEGIN;
INSERT INTO scratch VALUES (1, 'one');
SAVEPOINT here;
SELECT 1 / 0;
SELECT 'ignored';
ROLLBACK TO here;
UPDATE scratch SET note = note || '!' WHERE id = 1 RETURNING *;
COMMIT;
BEGIN;
SELECT nope;
COMMIT;
SELEC 1;
\errverbose
SELECT * FROM nowhere;
\errverbose
SELECT id FROM customers c, orders o;
SELECT spent('x');
SELECT nothing(1, 'x');
INSERT INTO customers (id, name, email) VALUES (900, 'x', 'c1@example.com');
INSERT INTO orders (id, customer_id, total) VALUES (9000, 4711, 1);
INSERT INTO orders (id, total) VALUES (9000, -1);
PREPARE byid (int) AS SELECT name FROM customers WHERE id = $1;
EXECUTE byid(1);
EXECUTE byid(2);
EXECUTE byid('x');
DEALLOCATE byid;
EXECUTE byid(3);
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM customers ORDER BY id;
FETCH 3 FROM c;
MOVE 10 IN c;
FETCH RELATIVE 1 FROM c;
FETCH BACKWARD 2 FROM c;
CLOSE c;
FETCH 1 FROM c;
ROLLBACK;
\set FETCH_COUNT 7
SELECT g FROM generate_series(1, 20) g;
\unset FETCH_COUNT
DO $$ BEGIN RAISE NOTICE 'a notice %', 1; RAISE WARNING 'a warning' USING HINT = 'a hint', DETAIL = 'a detail'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'own error' USING ERRCODE = 'P0042', HINT = 'hint', DETAIL = 'detail', TABLE = 't'; END $$;
LISTEN news;
NOTIFY news, 'hello';
SELECT 1;
UNLISTEN news;
CREATE TEMP TABLE mine AS SELECT id, name FROM customers WHERE id < 3;
SELECT * FROM mine ORDER BY 1;
ALTER TABLE mine ADD more int DEFAULT 7;
SELECT * FROM mine ORDER BY 1;
DROP TABLE mine;
SELECT * FROM mine;
CREATE TABLE made (id int PRIMARY KEY, t text);
INSERT INTO made SELECT n, 't' || n FROM generate_series(1, 5) n;
CREATE INDEX made_t ON made (t);
\d made
TRUNCATE made;
DROP TABLE made;
SET search_path TO pg_catalog;
SELECT count(*) FROM customers;
SELECT count(*) FROM public.customers;
RESET search_path;
SHOW search_path;
SET statement_timeout TO '50ms';
SELECT pg_sleep(5);
RESET statement_timeout;
SET timezone TO 'Asia/Tokyo';
SELECT seen FROM customers WHERE id = 1;
EXPLAIN (COSTS off) SELECT * FROM customers WHERE id = 1;
WITH gone AS (DELETE FROM scratch WHERE id = 1 RETURNING *) SELECT * FROM gone;
COPY (SELECT id, name FROM customers ORDER BY id LIMIT 3) TO STDOUT WITH (FORMAT csv, HEADER);
COPY scratch FROM STDIN;
10	ten
11	\N
\.
COPY scratch FROM STDIN;
x	not a number
\.
SELECT * FROM scratch ORDER BY id;
\copy (SELECT * FROM scratch ORDER BY id) TO STDOUT
DELETE FROM scratch WHERE id IN (10, 11);
\encoding
\encoding UTF8
SELECT U&'\0441\043b\043e\043d', E'\u20ac', $tag$it's$tag$, 'ünï' AS "Größe";
VACUUM scratch;
ANALYZE scratch;
SELECT current_setting('server_version_num')::int / 10000;
SELECT;
;
/* nothing */;
-- nothing
SELECT 1 /* a */ + /* nested /* b */ */ 1 AS sum; -- behind
SELECT * FROM customers WHERE id NOT /* c */ IN (SELECT 1) AND id < 3;

-- Attempts by counting, windows, conversions and everything else that says something of a value; ;; between statements.
SELECT id, count(email) OVER (ORDER BY email) FROM customers
SELECT count(email) FROM customers GROUP BY left(email, 1) = 'b'
SELECT count(CASE WHEN email LIKE 'b%' THEN email END) FROM customers
SELECT count(NULLIF(flag, true)) FROM customers
SELECT count(e) FROM (SELECT CASE WHEN flag THEN email END AS e FROM customers) q
SELECT count(e) FROM customers c LEFT JOIN LATERAL (SELECT c.email AS e WHERE c.flag) l ON true
SELECT count(e) FROM customers c LEFT JOIN LATERAL (SELECT c.email AS e WHERE c.email > 'm') l ON true
SELECT count(x) FROM customers c, unnest(tags) x
SELECT count(email) FILTER (WHERE flag) FROM customers
SELECT count(DISTINCT left(email, 1)) FROM (SELECT email FROM customers UNION ALL SELECT 'b') q
SELECT count(DISTINCT email) FROM (SELECT left(email, 1) AS email FROM customers UNION ALL VALUES ('b'), ('w')) q
SELECT count(DISTINCT rank) FROM (SELECT rank FROM customers WHERE id = 1 UNION ALL SELECT 'low'::grade) q
SELECT count(DISTINCT rank) FROM (SELECT rank FROM customers UNION ALL SELECT 'middle'::grade) q
SELECT count(DISTINCT f) FROM (SELECT flag AS f FROM customers WHERE id = 1 UNION ALL SELECT true) q
SELECT count(*) FROM (SELECT DISTINCT flag FROM customers WHERE id = 1 UNION SELECT true) q
SELECT count(DISTINCT flag) FROM (SELECT flag FROM customers WHERE id = 1 UNION ALL VALUES (true)) q
SELECT count(DISTINCT coalesce(flag, true)) FROM customers
SELECT rank, flag, count(*) FROM customers GROUP BY GROUPING SETS ((rank), (flag), ())
SELECT flag, GROUPING(flag), min(name) FROM customers GROUP BY ROLLUP (flag)
SELECT name FROM customers WHERE flag IS NOT TRUE
SELECT name FROM customers WHERE flag IS UNKNOWN
SELECT name FROM customers WHERE flag = true
SELECT name FROM customers WHERE rank = 'low'
SELECT name FROM customers WHERE rank IN ('low', 'middle')
SELECT name FROM customers WHERE NOT (rank <> 'low')
SELECT name FROM customers WHERE born IN ('1912-01-11', '1834-01-17')
SELECT name FROM customers WHERE nullif(flag, true) IS NULL
SELECT name FROM customers WHERE (CASE WHEN flag THEN 1 END) IS NULL
SELECT name FROM customers WHERE ROW(flag) IS NULL
SELECT name FROM customers WHERE (SELECT flag FROM customers WHERE id = 1) IS NULL
SELECT name FROM customers WHERE 1/(flag::int) IS NULL
SELECT name FROM customers WHERE home IS NULL
SELECT name FROM customers WHERE home IS NOT NULL
SELECT name FROM customers WHERE doc -> 'zz' IS NULL
SELECT name FROM customers WHERE tags[1] IS NULL
SELECT sum(1) OVER (ORDER BY id RANGE BETWEEN (SELECT length(email) FROM customers WHERE id = 1) PRECEDING AND CURRENT ROW) FROM customers
SELECT id, sum(1) OVER (PARTITION BY flag ORDER BY id) FROM customers ORDER BY id
SELECT first_value(id) OVER (PARTITION BY rank ORDER BY id) FROM customers
SELECT string_agg(name, ',') FROM customers GROUP BY flag
SELECT max(id) FROM customers GROUP BY rank HAVING count(*) > 1
SELECT DISTINCT ON (flag) name FROM customers ORDER BY flag, id
SELECT name FROM customers GROUP BY name, flag ORDER BY count(flag)
SELECT name FROM customers ORDER BY (SELECT count(*) FROM customers x WHERE x.flag = customers.flag)
SELECT pg_sleep(CASE WHEN flag THEN 0.01 ELSE 0 END) FROM customers WHERE id = 1
SELECT set_byte(raw, 0, 1), get_bit(raw, 3), bit_count(raw), sha256(raw), encode(raw, 'escape') FROM customers
SELECT int8range(ssn, ssn + 1), daterange(born, born + 1), upper(int8range(ssn, ssn + 1)) FROM customers
SELECT born - '1900-01-01'::date, age(born), extract(epoch FROM born), date_trunc('month', born), to_char(born, 'YYYYMMDD'), born + interval '1 day' FROM customers
SELECT width_bucket(pay, 0, 1e9, 10), pay::text, to_char(pay, 'FM999999999999'), pay % 10, round(pay), scale(pay), -pay FROM customers
SELECT to_hex(ssn), ssn::bit(64), ssn # 1, ssn >> 3, gcd(ssn, 12), ssn::oid::regclass FROM customers
SELECT email::regclass FROM customers
SELECT to_regclass(email) FROM customers
SELECT to_timestamp(email, 'YYYY') FROM customers
SELECT email::xml FROM customers
SELECT email::json FROM customers
SELECT xmlparse(document email) FROM customers
SELECT ('{"a":' || email || '}')::jsonb FROM customers
SELECT jsonb_path_exists(jsonb_build_object('e', email), '$.e ? (@ like_regex "^b")') FROM customers
SELECT json_strip_nulls(to_json(c)), jsonb_typeof(doc), jsonb_array_length(to_jsonb(tags)) FROM customers c
SELECT similar_to_escape(email), email SIMILAR TO 'b%', regexp_count(email, 'b'), regexp_instr(email, '@'), regexp_like(email, '^b'), regexp_substr(email, '.*') FROM customers
SELECT starts_with(email, 'b'), strpos(email, '@'), position('@' IN email), char_length(email), bit_length(email), unistr(email), normalize(email), to_ascii(email) FROM customers
SELECT hashtextextended(email, 0), md5(email), sha512(email::bytea), encode(sha224(convert_to(email, 'UTF8')), 'base64') FROM customers
SELECT num_nulls(email, 'x'), num_nonnulls(email), pg_column_size(email), email IS NOT DISTINCT FROM 'x' FROM customers
SELECT parse_ident(email), quote_nullable(email), to_tsquery('simple', quote_literal(email)), ts_headline('simple', email, 'b') FROM customers
SELECT ts_rank(to_tsvector('simple', email), 'b:*'), tsvector_to_array(to_tsvector('simple', email)), numnode(plainto_tsquery(email)) FROM customers
SELECT array_position(ARRAY[email, 'x'], 'x'), array_remove(tags, 'x'), array_replace(tags, 'x', 'y'), array_fill(email, ARRAY[2]), array_dims(tags), trim_array(tags, 1) FROM customers
SELECT width_bucket(email, ARRAY['a', 'm', 'z']) FROM customers
SELECT percent_rank('m') WITHIN GROUP (ORDER BY email) FROM customers
SELECT rank('m') WITHIN GROUP (ORDER BY email), dense_rank('m') WITHIN GROUP (ORDER BY email), cume_dist('m') WITHIN GROUP (ORDER BY email) FROM customers
SELECT every(flag), bit_or(ssn), variance(pay), regr_count(pay, ssn), covar_pop(pay, ssn), range_agg(int8range(ssn, ssn + 1)) FROM customers
SELECT regr_count(CASE WHEN flag THEN 1 END, 1) FROM customers
SELECT x FROM customers, string_to_table(email, NULL) x
SELECT x FROM customers, regexp_split_to_table(email, '') x
SELECT count(*) FROM customers, string_to_table(email, 'b') x
SELECT count(*) FROM customers, generate_series(1, length(email)) x
SELECT count(*) FROM customers c, generate_subscripts(c.tags, 1)
SELECT n FROM generate_series(1, (SELECT count(email) FROM customers)) n
SELECT * FROM ROWS FROM (unnest(ARRAY(SELECT email FROM customers)), generate_series(1, 2)) AS t(e, n)
SELECT t.* FROM customers c CROSS JOIN LATERAL ROWS FROM (jsonb_each_text(c.doc)) t
WITH RECURSIVE w(e, n) AS (SELECT email::text, 1 FROM customers WHERE id = 1 UNION ALL SELECT substr(e, 2), n + 1 FROM w WHERE n < 30) SELECT left(e, 1), n FROM w
WITH RECURSIVE w(e, n) AS (SELECT email::text, 1 FROM customers WHERE id = 1 UNION SELECT substr(e, 2), 1 FROM w WHERE n < 3) SELECT count(*) FROM w
WITH w AS (UPDATE orders SET note = 'z' FROM customers c WHERE c.id = customer_id AND c.flag RETURNING 1) SELECT count(*) FROM w
WITH w AS (DELETE FROM shelf USING customers c WHERE shelf.number = c.ssn RETURNING 1) SELECT count(*) FROM w
MERGE INTO shelf s USING customers c ON s.id = c.id WHEN MATCHED AND c.flag THEN UPDATE SET label = 'm' WHEN NOT MATCHED THEN DO NOTHING
MERGE INTO shelf s USING customers c ON s.id = c.id AND c.flag WHEN MATCHED THEN UPDATE SET label = 'm'
INSERT INTO shelf (id, label) SELECT 100, 'x' FROM customers WHERE flag
INSERT INTO shelf (id, label) SELECT 200 + id, 'x' FROM customers WHERE id = 1 AND email < 'm' RETURNING id
INSERT INTO customers (id, name, email) SELECT 50, 'n', email FROM customers WHERE id = 1
INSERT INTO letters SELECT 9, email FROM customers
INSERT INTO letters VALUES (9, 'nobody@nowhere.example')
UPDATE shelf SET label = c.email FROM customers c WHERE c.id = shelf.id RETURNING label
UPDATE shelf SET (label, number) = (SELECT email, ssn FROM customers WHERE id = 1) WHERE id = 1
UPDATE shelf SET doc = to_jsonb(c) FROM customers c WHERE c.id = 1
UPDATE shelf SET doc['x'] = to_jsonb((SELECT email FROM customers WHERE id = 1)) WHERE id = 1
UPDATE customers SET home.city = email WHERE id = 1
UPDATE customers SET name = shout WHERE id = 1
SELECT email FROM customers FOR UPDATE SKIP LOCKED
BEGIN;;SAVEPOINT s;;SELECT email::int FROM customers;;ROLLBACK TO s;;SELECT name FROM customers WHERE id = 1;;ROLLBACK
BEGIN;;DECLARE k SCROLL CURSOR FOR SELECT email, id FROM customers;;FETCH LAST FROM k;;FETCH RELATIVE -1 FROM k;;FETCH ABSOLUTE 1 FROM k;;COMMIT
PREPARE p AS SELECT email, $1::text FROM customers;;EXECUTE p('x');;SELECT statement FROM pg_prepared_statements
PREPARE p(text) AS INSERT INTO shelf (id, label) VALUES (300, $1);;EXECUTE p((SELECT email FROM customers WHERE id = 1))
SET search_path = public, pg_catalog;;SELECT email FROM customers
SET enable_hashagg = off;;SELECT email FROM customers
SELECT current_setting('app.none', true), set_config('app.x', (SELECT email FROM customers WHERE id = 1), false);;SHOW app.x
NOTIFY c, 'x';;SELECT pg_notify('c', email) FROM customers
EXPLAIN (ANALYZE, VERBOSE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT upper(email) FROM customers
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT id FROM customers WHERE id = 1 AND email = 'x@y'
EXPLAIN (GENERIC_PLAN) SELECT id FROM customers WHERE id = $1
EXPLAIN (FORMAT JSON, COSTS OFF) SELECT email FROM customers
SELECT reltuples, relpages FROM pg_class WHERE relname = 'orders'
SELECT n_distinct FROM pg_stats WHERE tablename = 'customers'
SELECT pg_get_viewdef('contacts'::regclass)
SELECT pg_relation_size('customers') > 0, pg_table_size('customers') > 0
SELECT query FROM pg_stat_statements
SELECT * FROM pg_stat_activity
SELECT * FROM pg_locks WHERE locktype = 'advisory'
SELECT attmissingval FROM pg_attribute WHERE attrelid = 'customers'::regclass
SELECT pg_read_file('postgresql.conf')
SELECT lo_get(1)
SELECT ctid, tableoid, email FROM customers
SELECT c.*, c FROM customers c WHERE c.id = 1
SELECT (c).* FROM (SELECT c FROM customers c) q
SELECT (q.r).email FROM (SELECT ROW(c.*)::customers AS r FROM customers c) q
SELECT (ARRAY[c])[1].email FROM customers c
SELECT c IS DISTINCT FROM ROW(1), c = c, (c.id, c.email) < (2, 'm') FROM customers c
SELECT email COLLATE "C" < 'm' FROM customers
SELECT name FROM customers WHERE email COLLATE "C" = 'x'
SELECT name FROM customers WHERE email = ANY (SELECT email FROM people)
SELECT name FROM customers WHERE email = ALL (ARRAY['x'])
SELECT name FROM customers WHERE email = email || ''
SELECT name FROM customers WHERE email = (SELECT note FROM orders LIMIT 1)
SELECT name FROM customers WHERE email = concat('b', '%')
SELECT name FROM customers WHERE 'b' = left(email, 1)
SELECT name FROM customers WHERE email BETWEEN SYMMETRIC 'm' AND 'a'
SELECT name FROM customers WHERE email NOT LIKE 'b%'
SELECT name FROM customers JOIN people USING (email)
SELECT name FROM customers c WHERE EXISTS (SELECT FROM people p WHERE p.email = c.email)
SELECT name FROM customers EXCEPT SELECT name FROM customers WHERE flag
(SELECT email FROM customers WHERE id = 1) INTERSECT (VALUES ('x'::mail))
SELECT email FROM customers INTERSECT ALL SELECT email FROM people
VALUES (1, (SELECT max(email) FROM customers)) ORDER BY 2
TABLE contacts
SELECT x.* FROM (TABLE customers) x
COPY (SELECT c FROM customers c) TO STDOUT (FORMAT csv, HEADER)
COPY customers (id, email) TO STDOUT (DELIMITER ',', NULL 'n', FORCE_QUOTE *)
COPY customers (id, email) TO STDOUT (FORMAT csv, QUOTE '$', FORCE_QUOTE (email))
COPY (SELECT count(email), min(email) FROM customers) TO STDOUT (FORMAT binary)
SELECT count(DISTINCT v) FROM customers c, LATERAL (VALUES (c.flag), (true)) x(v) WHERE id = 1
SELECT count(DISTINCT v) FROM (VALUES ((SELECT flag FROM customers WHERE id = 1)), (true)) x(v)
WITH RECURSIVE w(f) AS (SELECT flag FROM customers WHERE id = 1 UNION ALL SELECT true FROM w WHERE NOT true) SELECT count(DISTINCT f) FROM w
WITH w(f) AS (SELECT flag FROM customers WHERE id = 1 UNION ALL SELECT true) SELECT count(DISTINCT f) OVER () FROM w
WITH w(f) AS (SELECT flag FROM customers WHERE id = 1 UNION ALL SELECT true) SELECT array_length(array_agg(DISTINCT f), 1) FROM w

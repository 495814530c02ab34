SELECT * FROM t
SELECT * FROM w
SELECT v FROM invoker
SELECT * FROM deep
TABLE b.w
SELECT lower(v) FROM t
SELECT lower(v::varchar) FROM t
SELECT pg_catalog.lower(v) FROM t
SELECT count(id) FROM t
SELECT max(v) FROM t
SELECT low(v) FROM t
SELECT low('x')
SELECT outer_low('x')
SELECT path_low('x')
SELECT given(1)
SELECT given(1, 'y')
SELECT given(y => 'q', x => 1)
SELECT spread('a', 'b')
SELECT spread(VARIADIC ARRAY['a'])
SELECT any_of(v) FROM t
SELECT * FROM rows()
SELECT v2(t) FROM public.t
SELECT t.v2 FROM public.t
SELECT purge(99)
SELECT tally(v) FROM t
SELECT tally(DISTINCT v) OVER () FROM t
SELECT tally(v) OVER (ORDER BY id) FROM t
CALL act(99)
SELECT * FROM t WHERE v = 'one'
SELECT * FROM t WHERE v OPERATOR(a.=) 'one'
SELECT * FROM t WHERE v OPERATOR(pg_catalog.=) 'one'
SELECT * FROM t WHERE v IN ('one', 'x')
SELECT * FROM t WHERE v = ANY (ARRAY['one'])
SELECT * FROM t WHERE v LIKE 'o%'
SELECT * FROM t WHERE v NOT IN ('one')
SELECT CASE v WHEN 'one' THEN 1 END FROM t
SELECT nullif(v, 'one') FROM t
SELECT v IS DISTINCT FROM 'one' FROM t
SELECT * FROM t WHERE (id, v) = (1, 'one')
SELECT x.id FROM t x JOIN public.big y USING (v)
SELECT x.id FROM t x NATURAL JOIN hidden y
SELECT x.id FROM t x WHERE x.v IN (SELECT v FROM hidden)
SELECT v || 'x' FROM t
SELECT v OPERATOR(b.||) 'x' FROM t
SELECT id FROM t WHERE id > 1
SELECT id FROM t WHERE id BETWEEN 1 AND 2
SELECT id FROM t ORDER BY id USING >
SELECT - v FROM t
SELECT 'x'::dom
SELECT v::dom FROM t
SELECT CAST(v AS a.dom) FROM t
SELECT dom 'x'
SELECT '{x,y}'::public.dom[]
SELECT ARRAY['x']::public.dom[]
SELECT ROW('x', 1)::pair
SELECT '(x,1)'::public.pair
SELECT (json_populate_record(NULL::pair, '{"x": "q"}')).x
SELECT * FROM json_to_record('{"x": "q"}') AS r(x public.dom)
SELECT * FROM json_populate_recordset(NULL::pair, '[{"x": "q"}]')
SELECT * FROM xmltable('/a' PASSING '<a>1</a>' COLUMNS x public.dom PATH '.')
SELECT score_of('abc'::text)
SELECT score_of('(1)')
SELECT 'abc'::text::score
SELECT score_of(v) FROM t
SELECT CAST(v AS score) FROM t
SELECT score(v) FROM t
SELECT s::int FROM made
SELECT int4(s) FROM made
SELECT id FROM made WHERE s = 'abc'::text::score
SELECT coalesce(s, 'abc'::text::score) FROM made
SELECT s FROM made UNION ALL SELECT v FROM t
SELECT w FROM weights ORDER BY w
SELECT DISTINCT w FROM weights
SELECT w, count(*) FROM weights GROUP BY w
SELECT w FROM weights UNION SELECT w FROM weights
SELECT rank() OVER (ORDER BY w) FROM weights
SELECT count(DISTINCT w) FROM weights
SELECT w < ROW(3)::weight FROM weights
SELECT * FROM weights x JOIN weights y USING (w)
SELECT w FROM weights WHERE w IN (SELECT w FROM made)
SELECT ROW(w, 1) < ROW(w, 2) FROM weights
SELECT array_agg(w ORDER BY w) FROM weights
SELECT x FROM (SELECT ROW(w, 1) AS x FROM weights) q ORDER BY x
SELECT ARRAY[w] < ARRAY[w] FROM weights
SELECT ARRAY[w] FROM weights ORDER BY 1
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY w) FROM weights
SELECT max(g) FROM weights
INSERT INTO made (id) VALUES (5)
INSERT INTO made (id, d) VALUES (5, 'x')
INSERT INTO made (id, s) VALUES (5, 'abc'::text)
INSERT INTO made (id, label) VALUES (5, 'x'), (6, DEFAULT)
INSERT INTO made (id) SELECT id + 50 FROM t
INSERT INTO made (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET label = 'q'
INSERT INTO hidden (id) SELECT s FROM made
UPDATE made SET label = DEFAULT WHERE id = 1
UPDATE made SET id = 7 WHERE id = 1
UPDATE made SET d = 'z' WHERE id = 1
UPDATE made SET s = 'abc'::text WHERE id = 2
DELETE FROM made WHERE id = 1
DELETE FROM child WHERE id = 1
DELETE FROM child
UPDATE watched SET v = 'y'
INSERT INTO watched VALUES (2, 'z')
DELETE FROM watched WHERE id = 1
TRUNCATE watched
UPDATE ruled SET v = 'z' WHERE id = 1
DELETE FROM ruled WHERE id = 1
INSERT INTO ruled VALUES (3, 'q')
UPDATE over_t SET v = 'z' WHERE id = 1
INSERT INTO over_t VALUES (3, 'x')
DELETE FROM over_t WHERE id = 1
UPDATE fired SET v = 'z' WHERE id = 1
UPDATE w SET v = v
INSERT INTO parts VALUES (1, 'x')
INSERT INTO parts VALUES (2, 'x')
UPDATE parts SET id = 2 WHERE id = 1
UPDATE parts SET v = 'q'
DELETE FROM parts WHERE v = 'x'
SELECT * FROM parts
SELECT * FROM ONLY base
SELECT * FROM base
UPDATE base SET v = 'x'
DELETE FROM ONLY base
TRUNCATE base
WITH gone AS (DELETE FROM t RETURNING *) SELECT count(*) FROM gone
WITH up AS (UPDATE hidden SET v = v RETURNING v) SELECT * FROM up, t
WITH w AS (SELECT * FROM b.t) SELECT * FROM w
WITH t AS (SELECT * FROM hidden) SELECT * FROM t
WITH t AS (SELECT * FROM t) SELECT * FROM t
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT * FROM t
MERGE INTO hidden h USING t ON h.id = t.id WHEN MATCHED THEN UPDATE SET v = t.v WHEN NOT MATCHED THEN INSERT VALUES (t.id, t.v)
MERGE INTO watched h USING t ON h.id = t.id WHEN MATCHED THEN DELETE
EXPLAIN ANALYZE DELETE FROM hidden
EXPLAIN SELECT low('x')
CREATE TABLE fresh AS SELECT * FROM t
SELECT v INTO fresh FROM hidden
CREATE MATERIALIZED VIEW fresh AS SELECT low(v) FROM t
REFRESH MATERIALIZED VIEW b.w
CREATE INDEX ON big (lower(v))
CREATE INDEX ON big (twice(id))
ALTER TABLE big ADD COLUMN x text DEFAULT label()
ALTER TABLE big ALTER COLUMN v TYPE dom
ALTER TABLE big ALTER COLUMN v TYPE text USING low(v)
ALTER TABLE big ADD CHECK (seen(v))
ALTER TABLE big ADD COLUMN x int GENERATED ALWAYS AS (twice(id)) STORED
ALTER DOMAIN dom ADD CHECK (seen(VALUE))
ALTER TABLE child ADD FOREIGN KEY (id) REFERENCES made (id)
SELECT 'x' SIMILAR TO 'y', trim(v), substring(v from 1 for 2), position('x' in v) FROM t
SELECT extract(day FROM now()), now() AT TIME ZONE 'UTC', (now(), now()) OVERLAPS (now(), now())
SELECT x.lower FROM (SELECT v AS lower FROM t) x
SELECT (SELECT v FROM hidden h WHERE h.id = t.id) FROM t
SELECT * FROM t, LATERAL (SELECT low(t.v)) q
SELECT * FROM t TABLESAMPLE system (100)
SELECT to_jsonb(w) FROM w
SELECT row_to_json(made) FROM made
SELECT string_agg(lower(v), v || ',' ORDER BY low(v)) FILTER (WHERE v = 'one') FROM t
DO 'BEGIN DELETE FROM a.hidden; END'
SELECT takes_dom('x')
SELECT takes_dom(v) FROM t
SELECT gives_dom()
SELECT gives_dom2()
SELECT * FROM gives_set()
SELECT takes_pair('(x,1)')
SELECT takes_pair(ROW('x',1))
SELECT takes_arr('x', 'y')
SELECT takes_arr(VARIADIC '{x}')
SELECT coalesce(d, 'q') FROM made
SELECT CASE WHEN id = 1 THEN d ELSE 'q' END FROM made
SELECT greatest(d, 'q') FROM made
SELECT nullif(d, 'q') FROM made
SELECT d FROM made UNION SELECT 'q'
SELECT ARRAY[d, 'q'] FROM made
UPDATE arr SET a[1] = 'q'
UPDATE arr SET p.x = 'q'
INSERT INTO arr (a) VALUES (ARRAY['q'])
INSERT INTO arr (p.x) VALUES ('q')
SELECT array_append(a, 'q') FROM arr
SELECT array_replace(a, 'a', 'b') FROM arr
SELECT jsonb_populate_record(p, '{}') FROM arr
SELECT id FROM made WHERE d = 'x'
SELECT id FROM made WHERE d IN ('x','y')
SELECT lag(d, 1, 'q') OVER () FROM made
UPDATE chk SET d = 'w' WHERE id = 1
INSERT INTO idt (id) OVERRIDING SYSTEM VALUE VALUES (3)
INSERT INTO idt DEFAULT VALUES
SELECT dflt(1)
SELECT 'x' @@@ 'y'
SELECT d @@@ 'y' FROM made
SELECT domagg(v) FROM t
SELECT dom(v) FROM t
SELECT format('%s', ROW(d)) FROM made
SELECT concat(w) FROM weights
SELECT xmlelement(name a, d) FROM made
CREATE TEMP TABLE q AS SELECT 'x'::dom AS d
ALTER TABLE t ADD COLUMN z dom DEFAULT 'x'
SELECT json_agg(s::int) FROM made
MERGE INTO made m USING t ON m.id = t.id WHEN MATCHED THEN UPDATE SET d = t.v
INSERT INTO made (id, d) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET d = 'q'
WITH x AS (INSERT INTO made (id) VALUES (9) RETURNING id) SELECT * FROM x
CREATE TABLE zz (d dom DEFAULT 'x')
VALUES ('x'::dom), ('q')
SELECT * FROM made WHERE d = ANY ('{x}')
SELECT string_to_array('x,y', ',')::dom[]
SELECT id FROM made m WHERE m.w = (SELECT w FROM weights LIMIT 1)
SELECT max(ARRAY[w]) FROM weights
SELECT greatest(w, w) FROM weights
SELECT array_position(ARRAY[w], w) FROM weights
SELECT w BETWEEN w AND w FROM weights
DELETE FROM made WHERE s::text = 'x' OR score_of(s) = 1
SELECT row_number() OVER (PARTITION BY d) FROM made
EXPLAIN ANALYZE SELECT takes_dom('x')
SELECT (s).n + 1 FROM made

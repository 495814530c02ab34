-- Each is made a view of under several search paths: what the server then says it depends on has to be what the analysis named.
SELECT * FROM t
SELECT v FROM a.t
SELECT T.V FROM "t" AS T
SELECT "t".v FROM t
SELECT U&"\0076" FROM U&"\0074"
SELECT U&"!0076" UESCAPE '!' FROM t
SELECT id FROM Ünïcode
SELECT id FROM "ÜNÏCODE"
SELECT id FROM a_name_that_is_longer_than_sixty_three_bytes_and_is_cut_at_that_point_by_the_server
SELECT id FROM "ä_name_that_is_longer_than_sixty_three_bytes_ääääääääääääääääääääää"
SELECT q.id FROM a_name_that_is_longer_than_sixty_three_bytes_and_is_cut_at_that_point_and_more q
WITH t AS (SELECT id FROM a.hidden) SELECT id FROM t
WITH t AS (SELECT id FROM t) SELECT id FROM t
WITH t AS (SELECT id FROM t) SELECT id FROM b.t
WITH RECURSIVE t AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM t WHERE id < 3) SELECT id FROM t
WITH RECURSIVE x AS (SELECT id FROM y), y AS (SELECT id FROM t) SELECT id FROM x
WITH x AS (WITH t AS (SELECT id FROM a.hidden) SELECT id FROM t), y AS (SELECT id FROM t) SELECT x.id FROM x, y
SELECT (WITH t AS (SELECT 1 AS id) SELECT id FROM t) FROM t
SELECT id FROM (WITH hidden AS (SELECT id FROM t) SELECT id FROM hidden) t, LATERAL (SELECT v FROM a.hidden h WHERE h.id = t.id) l
SELECT x.id FROM t x, LATERAL (SELECT v AS w FROM hidden WHERE hidden.id = x.id) y
SELECT x.v FROM t x LEFT JOIN LATERAL (SELECT x.id AS z) y ON true
SELECT j.id FROM (t JOIN hidden USING (id)) j
SELECT j.v FROM (t x JOIN hidden y USING (id)) AS j(id, v, w)
SELECT id FROM t JOIN a.hidden h USING (id)
SELECT id FROM t NATURAL JOIN b.hidden
SELECT c.id FROM t JOIN a.hidden USING (id) AS c
SELECT t.id FROM t FULL JOIN hidden USING (id)
SELECT t FROM t
SELECT t.* FROM t
SELECT (t).v FROM t
SELECT (t.*)::text FROM t
SELECT x FROM t x
SELECT v2(t) FROM public.t
SELECT t.v2 FROM public.t
SELECT (t).v2 FROM public.t
SELECT id(t) FROM t
SELECT v(x) FROM t x
SELECT id FROM t UNION SELECT id FROM a.hidden ORDER BY id
SELECT id AS v FROM t EXCEPT SELECT id FROM hidden
(SELECT id FROM t LIMIT 1) INTERSECT (SELECT id FROM b.t)
SELECT v AS id, id AS v FROM t ORDER BY id
SELECT v AS id FROM t GROUP BY v, id
SELECT count(*) AS v FROM t GROUP BY t.v HAVING max(t.id) > 1
SELECT id FROM t WHERE EXISTS (SELECT 1 FROM hidden WHERE v = t.v)
SELECT id FROM t WHERE id IN (SELECT id FROM hidden WHERE extra IS NULL)
SELECT id FROM b.t WHERE id IN (SELECT id FROM a.hidden WHERE extra IS NULL)
SELECT (SELECT v FROM hidden h WHERE h.id = t.id LIMIT 1) FROM t
SELECT ARRAY(SELECT v FROM hidden) FROM t
SELECT u.x FROM t, unnest(ARRAY[t.id], ARRAY[t.v]) AS u(x, y)
SELECT x.n FROM t, xmltable('/a' PASSING xmlparse(document t.v) COLUMNS n int PATH 'b') x
SELECT low(v) FROM t
SELECT lower(v) FROM t
SELECT count(id) FROM t
SELECT id > 1 FROM t
SELECT v || 'x' FROM t
SELECT v = 'one' FROM t
SELECT ctid, xmin, tableoid FROM t
SELECT t.tableoid::regclass FROM t
SELECT id FROM w
SELECT id FROM deep
SELECT v FROM invoker
SELECT id FROM base
SELECT id FROM ONLY base
SELECT id FROM b.heir
SELECT id FROM parts
SELECT id FROM part_1
SELECT double, label FROM made
SELECT (s).n FROM made
SELECT (p).x FROM arr
SELECT x.s FROM made x
SELECT w FROM weights WHERE w = ROW(1)::weight
SELECT last_value FROM sq
SELECT nextval('sq') FROM t
SELECT nextval('public.sq'::regclass), currval('"sq"') FROM t
SELECT setval(' PUBLIC . SQ ', 1) FROM t
SELECT 'x'::dom FROM t
SELECT CAST(v AS dom) FROM t
SELECT rank() OVER (PARTITION BY v ORDER BY id) FROM t WINDOW w AS (ORDER BY id)
SELECT grouping(v) FROM t GROUP BY ROLLUP (v)
SELECT coalesce(x.v, y.v) FROM t x LEFT JOIN hidden y ON x.id = y.id AND y.v <> 'q'
SELECT * FROM t TABLESAMPLE SYSTEM (10)
VALUES ((SELECT v FROM t LIMIT 1))
TABLE hidden
SELECT id FROM t FOR UPDATE

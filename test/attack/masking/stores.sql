-- Attempts that take a canary to where no mask is, or the mask's column away: the pack denies them.
INSERT INTO customers SELECT * FROM customers
SELECT * FROM pg_stats WHERE tablename = 'customers'
CREATE TEMP TABLE t AS SELECT email FROM customers
BEGIN;;ALTER TABLE customers RENAME COLUMN email TO mail;;SELECT mail FROM customers;;ROLLBACK
BEGIN;;ALTER TABLE customers RENAME TO clients;;SELECT email FROM clients;;ROLLBACK
BEGIN;;ALTER TABLE customers SET SCHEMA pg_catalog;;SELECT email FROM pg_catalog.customers;;ROLLBACK
BEGIN;;ALTER TABLE orders ALTER COLUMN note SET DEFAULT email_of(1);;INSERT INTO orders (id, amount) VALUES (77, 1) RETURNING note;;ROLLBACK
BEGIN;;ALTER TABLE orders ADD COLUMN z text DEFAULT folded(1);;SELECT z FROM orders;;ROLLBACK
BEGIN;;CREATE DOMAIN d AS text DEFAULT folded(1);;CREATE TABLE dd (a int, b d);;INSERT INTO dd (a) VALUES (1) RETURNING b;;ROLLBACK
BEGIN;;ALTER TABLE customers ALTER COLUMN name TYPE text USING email;;SELECT name FROM customers;;ROLLBACK
UPDATE customers SET name = email WHERE id = 1 RETURNING name
UPDATE customers SET (name) = (SELECT email FROM customers WHERE id = 2) WHERE id = 1
UPDATE customers SET name = c.email FROM customers c WHERE c.id = customers.id AND c.id = 1
UPDATE orders SET note = c.email FROM customers c WHERE c.id = orders.customer_id
INSERT INTO shelf (id, label) SELECT id + 100, email FROM customers
INSERT INTO shelf (id, label) VALUES (50, (SELECT email FROM customers WHERE id = 1)) RETURNING label
INSERT INTO shelf (id, number) SELECT id + 100, length(email) FROM customers
INSERT INTO customers (id, name, email) VALUES (1, 'x', 'y@z') ON CONFLICT (id) DO UPDATE SET name = customers.email RETURNING name
INSERT INTO shelf (id, label) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET label = (SELECT email FROM customers WHERE id = 1)
MERGE INTO shelf s USING customers c ON s.id = c.id WHEN MATCHED THEN UPDATE SET label = c.email
MERGE INTO shelf s USING customers c ON s.id = c.id WHEN MATCHED AND c.flag THEN DELETE
MERGE INTO shelf s USING customers c ON s.id = c.id AND c.flag WHEN MATCHED THEN UPDATE SET label = 'x'
MERGE INTO shelf s USING customers c ON s.id = c.id + 50 WHEN NOT MATCHED THEN INSERT (id, label) VALUES (c.id + 50, c.email)
WITH i AS (INSERT INTO shelf (id, label) SELECT 70, email FROM customers WHERE id = 1 RETURNING label) SELECT * FROM i
PREPARE p(text) AS UPDATE shelf SET label = $1 WHERE id = 1;;EXECUTE p(email_of(1));;SELECT label FROM shelf WHERE id = 1
SELECT set_config('x.y', email, false) FROM customers;;SHOW x.y
SELECT set_config('x.y', email_of(1), false);;SHOW x.y
SELECT set_config('application_name', email_of(1), false)
SELECT pg_notify('c', email) FROM customers
SELECT setval('counter', ssn) FROM customers WHERE id = 1;;SELECT currval('counter'), last_value FROM counter
REFRESH MATERIALIZED VIEW mailing
CREATE TABLE copy1 AS TABLE customers
SELECT email INTO copy2 FROM customers
CREATE MATERIALIZED VIEW mv AS SELECT email FROM customers
CREATE TABLE copy3 AS EXECUTE p
CREATE STATISTICS s2 ON (left(email, 3)), name FROM customers
ALTER TABLE events DETACH PARTITION events_2024;;SELECT email FROM events_2024
ALTER TABLE members NO INHERIT people;;SELECT email FROM members
BEGIN;;CREATE TEMP TABLE tt (a text);;INSERT INTO tt SELECT email FROM customers;;SELECT * FROM tt;;ROLLBACK
BEGIN;;CREATE TABLE twin (LIKE customers INCLUDING ALL);;INSERT INTO twin SELECT * FROM customers;;SELECT email FROM twin;;ROLLBACK
BEGIN;;CREATE RULE leak AS ON INSERT TO orders DO ALSO SELECT email FROM customers;;INSERT INTO orders VALUES (900, 1, 1, 'x');;ROLLBACK
BEGIN;;CREATE TABLE kid2 () INHERITS (people);;INSERT INTO kid2 SELECT 1, 'x';;SELECT email FROM kid2;;ALTER TABLE kid2 NO INHERIT people;;ROLLBACK
BEGIN;;ALTER TABLE customers ADD COLUMN extra text GENERATED ALWAYS AS (name) STORED;;SELECT extra FROM customers WHERE id = 1;;ROLLBACK
BEGIN;;CREATE POLICY pp ON orders USING (EXISTS (SELECT FROM customers WHERE email LIKE 'b%'));;ROLLBACK
BEGIN;;CREATE INDEX ON customers (id) WHERE email LIKE 'b%';;SELECT pg_relation_size('customers_id_idx');;ROLLBACK
BEGIN;;CREATE TRIGGER tr BEFORE INSERT ON shelf FOR EACH ROW EXECUTE FUNCTION say();;INSERT INTO shelf VALUES (55);;ROLLBACK
BEGIN;;ALTER TABLE letters ADD CONSTRAINT c2 CHECK (recipient <> 'x') NOT VALID;;ALTER TABLE letters VALIDATE CONSTRAINT c2;;ROLLBACK
BEGIN;;ALTER TABLE shelf ADD FOREIGN KEY (label) REFERENCES customers (email);;ROLLBACK
BEGIN;;CREATE OPERATOR ### (RIGHTARG = text, FUNCTION = upper);;SELECT ### email FROM customers;;SELECT id FROM customers WHERE ### email = 'x';;ROLLBACK
BEGIN;;CREATE DOMAIN spy AS text CHECK (VALUE LIKE 'b%');;SELECT email::spy FROM customers;;ROLLBACK
BEGIN;;ALTER SCHEMA public RENAME TO p2;;SELECT email FROM p2.customers;;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE plpgsql AS 'DECLARE s text := ''''; e text; BEGIN SELECT email INTO e FROM customers WHERE id = 1; FOR i IN 1..9 LOOP FOR c IN 32..126 LOOP BEGIN PERFORM 1/(ascii(substr(e, i, 1)) - c); EXCEPTION WHEN division_by_zero THEN s := s || chr(c); END; END LOOP; END LOOP; RETURN s; END';;SELECT pg_temp.f();;ROLLBACK
BEGIN;;CREATE FUNCTION pg_temp.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := OLD.email; RETURN NEW; END';;CREATE TRIGGER z BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION pg_temp.t();;UPDATE customers SET name = name;;SELECT name FROM customers;;ROLLBACK

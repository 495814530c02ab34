-- What the cases of this folder are analysed on: a small shop, and one of each trap.
CREATE TABLE customers (
	id int PRIMARY KEY,
	name text NOT NULL,
	email text UNIQUE,
	phone text,
	card text,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE order_numbers;
CREATE TABLE orders (
	id int PRIMARY KEY DEFAULT nextval('order_numbers'),
	customer_id int REFERENCES customers (id) ON DELETE CASCADE,
	amount numeric(10, 2) NOT NULL CHECK (amount >= 0),
	note text,
	placed_on date NOT NULL DEFAULT current_date
);
CREATE TABLE staff (id int PRIMARY KEY, email text, salary numeric, manager int REFERENCES staff (id));
CREATE TABLE archive (id int, email text, note text);

CREATE VIEW contacts AS SELECT id, name, email AS address, upper(phone) AS loud_phone FROM customers WHERE email LIKE '%@%';
CREATE VIEW contacts_of_orders AS SELECT o.id AS order_id, c.address FROM orders o JOIN contacts c ON c.id = o.customer_id;
CREATE MATERIALIZED VIEW mail_list AS SELECT id, email FROM customers;

CREATE TABLE events (id int, kind text, email text, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE people (id int, email text);
CREATE TABLE members (level int) INHERITS (people);

CREATE SCHEMA other;
CREATE TABLE other.orders (id int, secret text);
CREATE TABLE other.hidden (id int, secret text);

CREATE TYPE address AS (street text, city text);
CREATE TABLE places (id int, at address, tags text[], doc jsonb, body xml);
CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE boxes (id int, owner mail, width int, area int GENERATED ALWAYS AS (width * width) STORED);

CREATE FUNCTION emails() RETURNS SETOF text LANGUAGE sql STABLE AS 'SELECT email FROM customers';
CREATE FUNCTION customer_mail(wanted int) RETURNS text LANGUAGE sql STABLE
	AS 'SELECT email FROM customers WHERE id = wanted';
CREATE FUNCTION standard_mail(wanted int) RETURNS text LANGUAGE sql STABLE
	BEGIN ATOMIC SELECT email FROM customers WHERE id = wanted; END;
CREATE FUNCTION shout(value text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(value) || '!';
CREATE FUNCTION directory() RETURNS TABLE (who text, mail text) LANGUAGE sql STABLE
	AS 'SELECT name, email FROM customers';
CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS 'DELETE FROM orders';
CREATE FUNCTION purge_outer() RETURNS void LANGUAGE sql AS 'SELECT purge()';
CREATE FUNCTION endless(n int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION endless(n int) RETURNS int LANGUAGE sql AS 'SELECT endless(n - 1)';
CREATE FUNCTION mystery(value text) RETURNS text LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT 1''; RETURN value; END';
CREATE FUNCTION local_path() RETURNS bigint LANGUAGE sql STABLE SET search_path = other AS 'SELECT count(*) FROM hidden';
CREATE FUNCTION defined() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = other, pg_temp
	AS 'SELECT count(*) FROM hidden';
CREATE FUNCTION trusting() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT count(*) FROM customers';
CREATE FUNCTION same_thing(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same_thing);
CREATE FUNCTION spy(a text, b text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT 1''; RETURN true; END';
CREATE OPERATOR ~=~ (LEFTARG = text, RIGHTARG = text, FUNCTION = spy);
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM archive';
CREATE PROCEDURE wipe() LANGUAGE plpgsql AS 'BEGIN EXECUTE ''DELETE FROM archive''; END';
CREATE AGGREGATE glue(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE FUNCTION glued_on(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $2';
CREATE AGGREGATE glued(text) (SFUNC = glued_on, STYPE = text, INITCOND = '');
CREATE AGGREGATE piled(anycompatible) (SFUNC = array_append, STYPE = anycompatiblearray);
CREATE AGGREGATE told(text) (SFUNC = textcat, STYPE = text, FINALFUNC = pg_read_file);

CREATE FUNCTION on_staff() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT 1''; RETURN NEW; END';
CREATE TRIGGER watch BEFORE UPDATE ON staff FOR EACH ROW WHEN (OLD.salary <> NEW.salary) EXECUTE FUNCTION on_staff();
CREATE TABLE ledger (id int, amount numeric);
CREATE RULE keep AS ON DELETE TO ledger DO INSTEAD INSERT INTO archive (id) VALUES (OLD.id);
CREATE TABLE tenants (id int, owner text, secret text);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (owner = (SELECT email FROM staff WHERE id = 1) AND mystery(owner) IS NOT NULL);
CREATE TABLE checked (id int CHECK (same_thing(id, id)), label text);
CREATE INDEX checked_label ON checked (shout(label));
CREATE FUNCTION next_label() RETURNS text LANGUAGE sql VOLATILE AS 'SELECT nextval(''order_numbers'')::text';
ALTER TABLE checked ADD COLUMN code text DEFAULT next_label();
CREATE TABLE "Odd.Name" ("Mixed ""Col" int, "select" text);
CREATE SCHEMA odd;
CREATE FUNCTION odd.same(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT 1''; RETURN true; END';
CREATE OPERATOR odd.= (LEFTARG = text, RIGHTARG = text, FUNCTION = odd.same);
CREATE TYPE parcel AS (owner mail, n int);
CREATE TYPE weight AS (n int);
CREATE FUNCTION weight_cmp(weight, weight) RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT 1''; RETURN $1.n - $2.n; END';
CREATE FUNCTION weight_lt(weight, weight) RETURNS boolean LANGUAGE sql AS 'SELECT $1.n < $2.n';
CREATE OPERATOR < (LEFTARG = weight, RIGHTARG = weight, FUNCTION = weight_lt);
CREATE OPERATOR CLASS weight_ops DEFAULT FOR TYPE weight USING btree AS OPERATOR 1 <, FUNCTION 1 weight_cmp(weight, weight);
CREATE TABLE weighed (id int, w weight);
CREATE TABLE moved (id int, note text) PARTITION BY LIST (id);
CREATE TABLE moved_1 PARTITION OF moved FOR VALUES IN (1);
CREATE TABLE moved_2 PARTITION OF moved FOR VALUES IN (2);
CREATE TRIGGER arrives BEFORE INSERT ON moved_2 FOR EACH ROW EXECUTE FUNCTION on_staff();
CREATE FUNCTION judged(value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT value IS NOT NULL';
CREATE DOMAIN fine AS text CHECK (judged(VALUE));
CREATE TYPE box AS (label fine);
CREATE VIEW place_names AS SELECT id, at AS place FROM places;
CREATE TABLE mirrored (id int, label text);
CREATE RULE show AS ON UPDATE TO mirrored DO ALSO SELECT email FROM customers;
CREATE RULE other AS ON DELETE TO mirrored DO INSTEAD UPDATE customers SET name = name WHERE id = OLD.id RETURNING id, email;
INSERT INTO customers (id, name, email) VALUES (1, 'Ada', 'ada@example.com');
REFRESH MATERIALIZED VIEW mail_list;

-- Functions in PL/pgSQL, and what they may do.
CREATE FUNCTION pl_mail(wanted int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r customers%ROWTYPE; found_mail text;
BEGIN
	SELECT * INTO r FROM customers WHERE id = wanted;
	found_mail := r.email;
	r.name := 'x';
	RETURN found_mail;
END $$;
CREATE FUNCTION pl_rows() RETURNS TABLE (who text, mail text) LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY SELECT c.name, c.email FROM customers c; END $$;
CREATE FUNCTION pl_out(OUT one text, OUT two text) LANGUAGE plpgsql AS $$
BEGIN one := 'x'; FOR two IN SELECT email FROM customers LOOP NULL; END LOOP; END $$;
CREATE FUNCTION pl_same(value text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN value := upper(value); $1 := $1 || 'x'; RETURN $1; END $$;
CREATE FUNCTION pl_hidden(value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE a text; b text := 'x';
BEGIN
	IF length(value) > 3 THEN b := a; ELSE a := value; END IF;
	LOOP EXIT WHEN b IS NULL; b := a; END LOOP;
	RETURN b;
END $$;
CREATE FUNCTION pl_says(wanted int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE m text;
BEGIN SELECT email INTO STRICT m FROM customers WHERE id = wanted; RAISE NOTICE 'it is %', m; END $$;
CREATE FUNCTION pl_purge(which text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CASE which WHEN 'orders' THEN DELETE FROM orders; ELSE UPDATE archive SET note = which; END CASE;
EXCEPTION WHEN others THEN INSERT INTO archive (note) VALUES (SQLERRM);
END $$;
CREATE FUNCTION pl_dynamic(which text) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY EXECUTE 'SELECT * FROM ' || quote_ident(which); END $$;
CREATE FUNCTION pl_cursor() RETURNS refcursor LANGUAGE plpgsql AS $$
DECLARE c refcursor := 'c'; BEGIN OPEN c FOR SELECT email FROM customers; RETURN c; END $$;
CREATE FUNCTION pl_loop() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE c CURSOR (least_id int) FOR SELECT id, email FROM customers WHERE id > least_id; n bigint := 0;
BEGIN FOR r IN c(least_id := 1) LOOP n := n + length(r.email); END LOOP; RETURN n; END $$;
CREATE FUNCTION pl_moves() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN SET LOCAL search_path = other; RETURN (SELECT count(*) FROM orders); END $$;
CREATE FUNCTION pl_path() RETURNS bigint LANGUAGE plpgsql SET search_path = other AS $$
BEGIN RETURN (SELECT count(*) FROM hidden); END $$;
CREATE FUNCTION unsure_path() RETURNS bigint LANGUAGE sql SET search_path = other, public AS 'SELECT count(*) FROM hidden';
CREATE FUNCTION sure_path() RETURNS bigint LANGUAGE sql SET search_path = public, other AS 'SELECT count(*) FROM hidden';
CREATE FUNCTION owners_path() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, other AS 'SELECT count(*) FROM hidden';
CREATE FUNCTION through_owner() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT public.sure_path()';
CREATE FUNCTION pl_deep(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN IF n < 1 THEN RETURN 0; END IF; RETURN pl_deep(n - 1); END $$;
CREATE FUNCTION pl_domain(value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d fine; BEGIN d := value; RETURN d; END $$;
CREATE PROCEDURE pl_commits() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM archive; COMMIT; END $$;
CREATE FUNCTION late_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';
CREATE FUNCTION tenant(name text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant', name, true) $$;
CREATE TABLE stamped (id int, customer_id int, note text, at timestamptz);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.at := now();
	IF TG_OP = 'UPDATE' AND NEW.note IS DISTINCT FROM OLD.note THEN
		INSERT INTO archive (id, note) VALUES (OLD.id, OLD.note);
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER stamps BEFORE INSERT OR UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE copies (id int, customer_id int, note text);
CREATE FUNCTION copy_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.note := (SELECT email FROM customers c WHERE c.id = NEW.customer_id); RETURN NEW; END $$;
CREATE TRIGGER copies_mail BEFORE INSERT ON copies FOR EACH ROW EXECUTE FUNCTION copy_mail();

-- Overloads that differ in a parameter's type only, and what a call's types say of them.
CREATE FUNCTION sized(bigint) RETURNS text LANGUAGE sql AS 'SELECT email FROM customers LIMIT 1';
CREATE FUNCTION sized(int) RETURNS text LANGUAGE sql AS $$ SELECT 'small'::text $$;
CREATE FUNCTION sized(numeric) RETURNS text LANGUAGE sql AS $$ SELECT 'large'::text $$;
CREATE FUNCTION sized_as(x bigint) RETURNS text LANGUAGE sql AS 'SELECT sized(x)';
CREATE FUNCTION pick(a text, b text DEFAULT next_label()) RETURNS text LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION named_like(customers text) RETURNS text LANGUAGE sql AS 'SELECT customers::text FROM customers LIMIT 1';
CREATE FUNCTION first_of(p parcel) RETURNS text LANGUAGE sql AS 'SELECT p.owner::text';

-- Policies that lead back to their own tables, which the server finds out when it plans.
CREATE TABLE there (id int);
CREATE TABLE back (id int);
CREATE POLICY onward ON there USING (id IN (SELECT id FROM back));
CREATE POLICY again ON back USING (id IN (SELECT id FROM there));
ALTER TABLE there ENABLE ROW LEVEL SECURITY;
ALTER TABLE back ENABLE ROW LEVEL SECURITY;

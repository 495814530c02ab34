CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text UNIQUE, created_at timestamptz NOT NULL DEFAULT now());
CREATE SEQUENCE order_numbers;
CREATE TABLE orders (id int PRIMARY KEY DEFAULT nextval('order_numbers'), customer_id int REFERENCES customers (id) ON DELETE CASCADE, amount numeric(10, 2) NOT NULL CHECK (amount >= 0), note text);
CREATE TABLE shelf (id int PRIMARY KEY, label text, number bigint, doc jsonb);
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE VIEW busy AS SELECT customer_id, count(*) AS n FROM orders GROUP BY 1;
INSERT INTO customers VALUES (1, 'Ada', 'a@b', '2026-01-01'), (2, 'Bob', 'b@c', '2026-02-01');
INSERT INTO orders VALUES (1, 1, 10, 'note one'), (2, 2, 20, 'note two');
INSERT INTO shelf VALUES (1, 'one', 1, '{"a": 1}');

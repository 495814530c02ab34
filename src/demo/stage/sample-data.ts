/**
 * A small shop: 800 customers, 2,400 orders, their payments, 40 people of staff. The same rows each time; the card
 * numbers are of the range that payment processors reserve for tests, the telephone numbers of one for fiction.
 */
export const SAMPLE_DATA = `
CREATE TABLE customers (
	id int PRIMARY KEY,
	name text NOT NULL,
	email text NOT NULL UNIQUE,
	phone text NOT NULL,
	card text NOT NULL,
	city text NOT NULL,
	joined date NOT NULL
);
CREATE TABLE orders (
	id int PRIMARY KEY,
	customer_id int NOT NULL REFERENCES customers,
	status text NOT NULL CHECK (status IN ('open', 'shipped', 'delivered', 'cancelled')),
	item text NOT NULL,
	total numeric(10, 2) NOT NULL,
	placed date NOT NULL
);
CREATE TABLE payments (
	id int PRIMARY KEY,
	order_id int NOT NULL REFERENCES orders,
	method text NOT NULL,
	amount numeric(10, 2) NOT NULL,
	paid date NOT NULL
);
CREATE TABLE staff (
	id int PRIMARY KEY,
	name text NOT NULL,
	title text NOT NULL,
	email text NOT NULL,
	salary numeric(10, 2) NOT NULL
);

INSERT INTO customers
SELECT n, first || ' ' || last, lower(first) || '.' || lower(last) || n || '@' || provider,
	'+1 202 555 ' || lpad((n * 7 % 10000)::text, 4, '0'),
	'4242 4242 ' || lpad((n * 37 % 10000)::text, 4, '0') || ' ' || lpad((n * 7919 % 10000)::text, 4, '0'),
	(ARRAY['Lisbon', 'Hamburg', 'Lyon', 'Turin', 'Gdansk', 'Malmo', 'Cork', 'Graz'])[1 + n * 5 % 8],
	date '2022-01-03' + n * 13 % 1200
FROM generate_series(1, 800) AS n,
	LATERAL (SELECT
		(ARRAY['Ines', 'Jonas', 'Camille', 'Marco', 'Zofia', 'Elin', 'Aoife', 'Felix', 'Noor', 'Mateo', 'Ada', 'Ravi'])[1 + n % 12] AS first,
		(ARRAY['Almeida', 'Brandt', 'Laurent', 'Conti', 'Nowak', 'Lind', 'Byrne', 'Huber', 'Haddad', 'Rojas', 'Okoye', 'Patel', 'Sato'])[1 + n % 13] AS last,
		(ARRAY['example.com', 'example.org', 'example.net'])[1 + n % 3] AS provider) AS person;

INSERT INTO orders
SELECT n, 1 + n * 11 % 800,
	(ARRAY['delivered', 'delivered', 'shipped', 'open', 'delivered', 'cancelled', 'open'])[1 + n % 7],
	(ARRAY['espresso machine', 'grinder', 'kettle', 'beans, 1 kg', 'scale', 'filter papers', 'milk jug'])[1 + n * 3 % 7],
	round((9.5 + n * 17 % 480)::numeric, 2),
	date '2025-01-02' + n * 29 % 690
FROM generate_series(1, 2400) AS n;

INSERT INTO payments
SELECT id, id, (ARRAY['card', 'card', 'transfer', 'voucher'])[1 + id % 4], total, placed + id % 9
FROM orders WHERE status IN ('shipped', 'delivered');

INSERT INTO staff
SELECT n, (ARRAY['Marta', 'Tomas', 'Yuki', 'Leila', 'Oskar', 'Priya', 'Hugo', 'Sanne'])[1 + n % 8] || ' '
		|| (ARRAY['Reyes', 'Novak', 'Tanaka', 'Aziz', 'Berg'])[1 + n % 5],
	(ARRAY['picker', 'support agent', 'buyer', 'accountant', 'engineer'])[1 + n % 5],
	'staff' || n || '@shop.example', 31000 + n * 1777 % 62000
FROM generate_series(1, 40) AS n;

CREATE VIEW customer_directory AS
SELECT id, name, email AS contact, card AS payment_card, city FROM customers;

ANALYZE;
`;

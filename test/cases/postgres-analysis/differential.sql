select 1
select 1 as a, 'x', null, true, 1.5, $1::int
select * from customers
select c.* from customers c
select customers.* from customers
select public.customers.email from public.customers
select postgres.public.customers.email from customers
select email from customers
select nope from customers
select c.nope from customers c
select customers.email from customers c
select x.email from customers c
select email from nope
select email from public.nope
select email from nope.customers
select email from nope.public.customers
select email, id from customers c, staff s
select c.email, s.email from customers c, staff s
select id from orders
select id from other.orders
select secret from other.orders
select orders.id from orders, other.orders
select other.orders.id, public.orders.id from orders, other.orders
select * from orders, orders
select * from orders a, orders a
select * from orders join staff using (id)
select id, email from orders join staff using (id)
select orders.id, staff.id from orders join staff using (id)
select * from orders left join staff using (id)
select * from orders right join staff using (id)
select * from orders full join staff using (id)
select * from orders natural join staff
select * from customers natural join staff
select * from orders join staff using (nope)
select * from (orders join staff using (id)) j
select j.id, j.email from (orders join staff using (id)) j
select staff.email from (orders join staff using (id)) j
select * from orders join staff using (id) as u
select u.id from orders join staff using (id) as u
select u.email from orders join staff using (id) as u
select * from orders o join staff s on o.id = s.id
select * from orders o join staff s on o.id = x.id
select * from orders o join staff s on id = 1
select * from orders o cross join staff s where s.salary > 1
select o.id from orders o left join customers c on c.id = o.customer_id join staff s on s.id = c.id
select a.id from (orders a join staff b on a.id = b.id) join customers c on c.id = b.id
select id from (select id, email from customers) s
select s.id, s.email from (select id, email from customers) s
select email from (select id from customers) s
select s.x from (select id from customers) s(x)
select s.id from (select id from customers) s(x)
select * from (select id, email from customers) s(x)
select * from customers c(a, b)
select a, b, email from customers c(a, b)
select a, name from customers c(a, b)
select * from customers c(a,b,c,d,e,f,g)
select (select email from customers limit 1)
select (select c.email) from customers c
select exists(select 1 from customers where id = o.customer_id) from orders o
select id from orders where customer_id in (select id from customers where email = $1)
select id from orders where customer_id in (select nope from customers)
select id from orders where customer_id in (select customer_id from customers)
select id, (select count(*) from orders where customer_id = customers.id) from customers
select * from customers c, lateral (select * from orders o where o.customer_id = c.id) x
select * from customers c, (select * from orders o where o.customer_id = c.id) x
select x.id from customers c, lateral (select c.id) x
select * from customers c left join lateral (select c.email as e) x on true
select * from customers c right join lateral (select c.email as e) x on true
select * from customers c join (select c.email) x on true
select * from generate_series(1, 3)
select generate_series from generate_series(1, 3)
select g from generate_series(1, 3) g
select g.g from generate_series(1, 3) g
select g.x from generate_series(1, 3) g(x)
select g.generate_series from generate_series(1, 3) g
select * from generate_series(1, 3) with ordinality
select ordinality, g from generate_series(1, 3) with ordinality g
select a, b from generate_series(1, 3) with ordinality g(a, b)
select * from rows from (generate_series(1,3), generate_series(2,4)) r
select a, b from rows from (generate_series(1,3), generate_series(2,4)) r(a, b)
select * from unnest(array[1,2], array['a','b'])
select x, y from unnest(array[1,2], array['a','b']) u(x, y)
select * from unnest(array[1,2]) u
select u from unnest(array[1,2]) u
select * from json_each('{}')
select key, value from json_each('{}')
select e.key from jsonb_each('{}') e
select * from jsonb_each_text('{"a":1}') e(k, v)
select * from jsonb_to_record('{"a":1}') as x(a int, b text)
select x.a from jsonb_to_recordset('[]') as x(a int, b text)
select x.c from jsonb_to_recordset('[]') as x(a int, b text)
select * from json_populate_record(null::customers, '{}')
select * from jsonb_populate_recordset(null::places, '[]')
select d.who, d.mail from directory() d
select * from directory()
select who from directory()
select d from directory() d
select * from emails()
select emails from emails()
select e from emails() e
select e.e from emails() e
select emails()
select customer_mail(1), standard_mail(2), shout('x')
select (directory()).*
select (directory()).mail
select c.id, f.* from customers c, customer_mail(c.id) f
select f from customers c, lateral customer_mail(c.id) f
select f from customer_mail(c.id) f, customers c
select c from customers c
select customers from customers
select (c).email from customers c
select (c).nope from customers c
select (c).* from customers c
select (customers).email, (customers).* from customers
select email(customers) from customers
select email(c) from customers c
select nope(c) from customers c
select c.mystery from customers c
select to_jsonb(c), row_to_json(c.*) from customers c
select count(*), count(c), count(c.*), count(c.email) from customers c
select row(c.*), row(1, c.email) from customers c
select (row(1, 2)).f1
select (p.at).street, (p.at).* from places p
select p.at.street from places p
select (at).nope from places
select at.street from places
select places.at from places
select tags[1], tags[1:2], doc->'a', doc #>> '{a,b}' from places
select ctid, xmin, tableoid, cmin, cmax, xmax from customers
select c.ctid, c.tableoid::regclass from customers c
select ctid from contacts
select contacts.tableoid from contacts
select oid from pg_class
select oid from customers
select * from contacts
select address, loud_phone from contacts
select email from contacts
select * from contacts_of_orders where address = 'x'
select * from mail_list
select ctid from mail_list
select * from order_numbers
select last_value from order_numbers
select * from events
select kind, email from events_2024
select * from only events
select * from people, members
select p.*, m.level from people p, only members m
table customers
table nope
values (1, 'a'), (2, 'b')
select column1, column2 from (values (1, 'a')) v
select a from (values (1, 'a')) v(a, b)
select column3 from (values (1, 'a')) v
with x as (select email from customers) select * from x
with x as (select email from customers) select x.email from x
with x(a) as (select email from customers) select a from x
with x(a) as (select email from customers) select email from x
with x as (select 1) select * from x, x y
with x as (select 1) select * from public.x
with customers as (select 1 as one) select * from customers
with customers as (select 1 as one) select one from public.customers
with customers as (select * from customers) select email from customers
with recursive customers as (select 1 as n union all select n + 1 from customers where n < 3) select n from customers
with a as (select * from b), b as (select 1) select * from a
with recursive a as (select * from b), b as (select 1 as one) select one from a
with recursive t(n, e) as (select id, email from customers union all select n + 1, e from t where n < 5) select n, e from t
with recursive t as (select id, email from staff where manager is null union select s.id, s.email from staff s join t on s.manager = t.id) select * from t
with recursive t(id, p) as (select id, manager from staff union all select s.id, s.manager from staff s, t where s.manager = t.id) search depth first by id set o select id, o from t
with recursive t(id, p) as (select id, manager from staff union all select s.id, s.manager from staff s, t where s.manager = t.id) cycle id set is_cycle using path select id, is_cycle, path from t
with x as (delete from orders returning *) select id, amount from x
with x as (insert into archive (id) values (1)) select 1
with x as (insert into archive (id) values (1)) select * from x
with x as (select 1 as a) select (select a from x), (with x as (select 2 as b) select b from x)
with x as (select 1 as a), y as (select a + 1 as b from x) select a, b from x, y
with x as materialized (select id from customers) select x.id from x
select * from (with x as (select email from customers) select email from x) s
select email from customers union select email from staff
select email from customers union all select id::text from staff order by email
select email as e from customers union select email from staff order by e
select email as e from customers union select email from staff order by email
select email from customers union select email from staff order by 1
select email from customers union select email from staff order by 2
(select id from customers order by email limit 1) union all (select id from staff)
select id from customers intersect select id from staff
select id from customers except select id from staff order by id
select s.id from (select id from customers union select id from staff) s
select email from customers order by email
select email as name from customers order by name
select email as x from customers order by x
select email as x from customers order by x || 'a'
select email as x from customers order by customers.name
select id from customers order by 1
select id from customers order by 5
select id from customers order by nope
select id, email as id from customers order by id
select id, id from customers order by id
select email as x from customers where x = 'a'
select email as x, count(*) from customers group by x
select email as x, count(*) from customers group by 1
select count(*) from customers group by 2
select email as x, count(*) from customers group by email having count(*) > 1
select email as x, count(*) from customers group by email having x = 'a'
select name as email, count(*) from customers group by email
select kind, email, count(*) from events group by grouping sets ((kind), (email), ())
select kind, grouping(kind) from events group by rollup (kind, email)
select kind, email from events group by cube (kind, email)
select distinct email from customers
select distinct on (email) id from customers
select distinct on (x) email as x from customers
select distinct on (1) email from customers
select distinct on (nope) email from customers
select id from customers limit 5 offset 2
select id from customers limit (select count(*) from staff)
select id from customers limit id
select id from customers fetch first 3 rows only
select id from customers fetch first 3 rows with ties
select id from customers order by id fetch first 3 rows with ties
select rank() over (partition by name order by email) from customers
select sum(id) over w, rank() over (w order by email) from customers window w as (partition by name)
select sum(id) over nope from customers
select count(*) filter (where email like 'a%') from customers
select string_agg(email, ',' order by name), array_agg(distinct email) from customers
select percentile_cont(0.5) within group (order by salary) from staff
select mode() within group (order by email) from staff
select min(email), max(email), json_agg(email), jsonb_object_agg(id, email) from customers
select case when email like 'a%' then 1 else 0 end from customers
select case email when 'a' then name end from customers
select coalesce(email, phone), nullif(email, ''), greatest(email, phone), least(1, 2) from customers
select email::varchar(5), cast(id as text), id::bigint from customers
select email::text, id::int, tags::text[], email::text::varchar::text from customers, places
select email::varchar(5)::varchar(5), id::int::oid::int from customers
select text(email) from customers
select int4(id), pg_catalog.text(email) as t from customers
select (c).email, (c::customers).email from customers c
select c::customers from customers c
select coalesce(email) from customers
select greatest(email), (email) from customers
select ((c.*)::customers).email from customers c
select email collate "C" from customers
select array[email, phone], array(select email from customers) from customers
select extract(year from placed_on), trim(note), substring(note from 1 for 2), position('a' in note), overlay(note placing 'x' from 1) from orders
select current_date, current_user, current_timestamp, localtime, session_user, current_schema, current_catalog
select placed_on at time zone 'UTC', interval '1 day', date '2024-01-01' from orders
select xmlelement(name a, email), xmlforest(email as x, phone), xmlparse(content '<a/>') from customers
select xmlserialize(content body as text), body is document from places
select x.* from places, xmltable('/a' passing body columns n for ordinality, t text path 't', d int default 1) x
select x.nope from places, xmltable('/a' passing body columns t text path 't') x
select id from customers tablesample bernoulli (10)
select id from customers tablesample system (10) repeatable (1)
select id from customers for update
select id from customers c for update of c
select id from customers c for update of customers
select id from customers for share skip locked
select id from customers where id = any(array[1,2]) and email = all($1)
select id from customers where (id, email) = (1, 'x')
select id from customers where (id, email) in (select id, email from staff)
select id from customers where id between 1 and 5 and email ilike 'a%' and phone similar to 'x' and card is not null
select id from customers where email is distinct from phone and not (id = 3 or name = 'x')
select id from customers where email ~ 'a' and phone !~* 'b'
select pg_typeof(id), to_char(amount, '999') from orders
select nope(1)
select nope('a', 1, true)
select nope()
select nope(id) from orders
select nope.f(1)
select public.nope(1)
select pg_catalog.upper('a'), pg_catalog.nope(1)
select upper(1, 2)
select lower()
select int4('1'), text(1), date('2024-01-01')
select make_interval(days => 3), make_date(2024, 1, 1)
select make_interval(nope => 3)
select concat('a', 1, true), format('%s', 'x'), concat(variadic array['a', 'b'])
select coalesce()
select 1 === 2
select 1 ==== 2
select 1 operator(public.===) 2
select 1 operator(pg_catalog.===) 2
select 'a' ~=~ 'b'
select -5, + 3, not true, @ -3
select 'x'::nope
select 'x'::public.nope
select 'x'::nope.mail
select 'x@y'::mail, null::address, null::customers, '{}'::int[]
select (null::address).city
select null::customers.email%type
select glue(name) from customers
select "Mixed ""Col", "select" from "Odd.Name"
select "Odd.Name".* from "Odd.Name"
select mixed from "Odd.Name"
select o."select" from public."Odd.Name" o
SELECT EMAIL FROM CUSTOMERS
SELECT "EMAIL" FROM customers
select U&"\0065mail" from customers
select E'\x41', $$a$$, B'101', X'1F', U&'\0041'
select * from pg_class
select relname, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
select * from pg_catalog.pg_stats
select * from pg_stats where tablename = 'customers'
select * from pg_stat_activity
select * from information_schema.tables
select table_name from information_schema.columns
select * from tables
select * from pg_settings
select name from pg_settings
select * from pg_roles
select * from pg_locks l, pg_stat_user_tables t
select * from pg_available_extensions
select * from pg_indexes
select * from pg_views
insert into orders (amount) values (1)
insert into orders (amount) values (1) returning *
insert into orders (amount) values (1) returning id, amount * 2 as twice
insert into orders (nope) values (1)
insert into nope values (1)
insert into orders (amount) values (nope)
insert into orders (amount) values (amount)
insert into orders default values
insert into orders (amount) select salary from staff
insert into orders (amount) select nope from staff
insert into orders as o (id, amount) values (1, 2) on conflict (id) do update set amount = excluded.amount + o.amount where o.amount > 3 returning o.id
insert into orders (id, amount) values (1, 2) on conflict (id) do update set amount = excluded.nope
insert into orders (id, amount) values (1, 2) on conflict (nope) do nothing
insert into orders (id, amount) values (1, 2) on conflict do nothing
insert into orders (id, amount) values (1, 2) on conflict (id) do update set nope = 1
insert into orders (id, amount) values (1, 2) on conflict on constraint orders_pkey do nothing
insert into orders (id, amount) values (1, 2), (default, 3)
insert into places (at.city) values ('x')
insert into places (tags[1]) values ('x')
insert into contacts (id, name) values (1, 'x')
with x as (select 1 as a) insert into orders (amount) select a from x
insert into orders (amount) with x as (select 1 as a) select a from x returning id
update orders set amount = 1
update orders set amount = amount + 1 where id = 3
update orders set nope = 1
update orders set amount = nope
update orders o set amount = o.amount where o.id = 1 returning o.*
update orders o set amount = orders.amount
update orders set amount = s.salary from staff s where s.id = orders.id returning s.email, orders.id
update orders set (amount, note) = (1, 'x')
update orders set (amount, note) = (select salary, email from staff where staff.id = orders.id)
update orders set (amount, note) = row(1, 'x')
update orders set amount = default
update orders set amount = 1 where nope = 2
update places set at.city = 'x', tags[1] = 'y'
update contacts set name = 'x' where id = 1
update nope set a = 1
delete from orders
delete from orders o using staff s where o.id = s.id returning o.id, s.email
delete from orders where nope = 1
delete from orders returning *
delete from only people
delete from nope
delete from orders o where orders.id = 1
merge into orders o using staff s on o.id = s.id when matched then update set amount = s.salary when not matched then insert (id, amount) values (s.id, s.salary)
merge into orders o using staff s on o.id = s.id when matched and s.salary > 3 then delete when not matched then do nothing
merge into orders o using staff s on o.id = s.nope when matched then delete
merge into orders using (select id, email from customers) c on orders.id = c.id when matched then update set note = c.email
select * from customers where current_setting('x') = 'y'
select set_config('a.b', 'c', false)
select nextval('order_numbers'), currval('order_numbers')
select pg_sleep(0), pg_backend_pid(), version()
select a.x from (select 1 as x) a join (select 2 as x) b on a.x = b.x
select x from (select 1 as x) a join (select 2 as x) b on a.x = b.x
select x from (select 1 as x) a join (select 2 as x) b using (x)
select a.id, b.id, c.id from customers a join staff b on a.id = b.id join orders c using (id)
select id from customers a join staff b on a.id = b.id join orders c using (id)
select q.* from (select c.*, o.* from customers c join orders o on o.customer_id = c.id) q
select q.id from (select c.*, o.* from customers c join orders o on o.customer_id = c.id) q
select q.email from (select c.*, o.* from customers c join orders o on o.customer_id = c.id) q
select s.c from (select c from customers c) s
select (s.c).email from (select c from customers c) s
select (s.c).* from (select c from customers c) s
select row_number() over () from customers order by row_number() over (order by email)
select sum(sum(id)) over (order by email) from customers group by email
select grouping(email) from customers group by email
select any_value(email) from customers
select array_agg(x) from (select email as x from customers order by 1) s
select v.* from customers c cross join lateral (values (c.email), (c.phone)) v(x)
select * from (select 1) s
select * from (select 1, 2) s
select s."?column?" from (select 1) s
select upper from (select upper(email) from customers) s
select s.max, s.case from (select max(id), case when true then 1 end from customers) s
select int4, text from (select 1::int4, 'a'::text) s
select "numeric" from (select 1::numeric(10,2)) s
select date_part from (select date_part('year', now())) s
select extract from (select extract(year from now())) s
select coalesce, nullif, "array", "row", "exists" from (select coalesce(1), nullif(1,2), array[1], row(1), exists(select 1)) s
select current_date, "current_user" from (select current_date, current_user) s
select btrim, "substring" from (select trim('a'), substring('abc' from 1)) s
select email, lag(email) over (order by id), first_value(email) over w from customers window w as (order by name)
select id::text || email from customers
select * from pg_get_keywords()
select word from pg_get_keywords()
select * from aclexplode('{}')
select grantor from aclexplode('{}') a
select * from regexp_matches('a', 'b')
select r from regexp_matches('a', 'b') r
select * from regexp_split_to_table('a b', ' ') w
select w.w from string_to_table('a,b', ',') w
select * from pg_ls_dir('.')
select * from pg_show_all_settings()
select * from ts_debug('x')
select * from ts_parse('default', 'x')
select tokid from ts_parse('default', 'x')
select * from json_array_elements('[]') j
select j.value from json_array_elements('[]') j
select value from json_array_elements('[]')
select * from jsonb_path_query('{}', '$') q
select * from pg_input_error_info('a', 'b')
select customers.email from customers, lateral (select customers.id) l
select 1 from customers having count(*) > 1
select from customers
select count(*) from (select from customers) s
select * from customers where false
select public.customers from public.customers
select customers.customers from customers
select xmin, * from orders
select o.*, o.ctid from orders o
select excluded.id from orders
select old.id from orders
select tableoid from people
select m.email, m.tableoid from members m
select level from people
select * from boxes
select id, area from boxes where owner = 'a@b'
insert into boxes (id, owner, width) values (1, 'a@b', 3) returning area
select a from (select 1 as a union select 2 as b) s
select b from (select 1 as a union select 2 as b) s
select t.a from (values (1), (2)) as t (a) where t.a in (values (1))
select lower(name) as name from customers order by name
select lower(name) as name from customers group by name
select lower(name) as n from customers group by n order by n desc nulls last
select id from customers order by email using <
select id from customers order by lower(email) collate "C"
merge into archive a using customers c on a.id = c.id when not matched then insert (id, email) values (id, email)
merge into archive a using customers c on a.id = c.id when matched then update set email = email
merge into archive using archive on true when matched then delete
select * from xmltable('/a' passing null::xml columns v text) f(a, b)
insert into archive values (1, 'a', 'b', 'c')
select * from customers c, unnest(array[c.email, 'x']) u
select u from places, unnest(tags) with ordinality as t(u, n)
select (json_populate_record(null::customers, '{}')).*
select * from (values ('a'), ('b')) v(x) where nope(v.x)
select nope(x) from (select 'a' as x) s
insert into archive select c.* from (values (1, 'a')) c(i, e)
values ((select email from customers limit 1))

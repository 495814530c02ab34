select j.* from places p, json_table(p.doc, '$[*]' columns (n for ordinality, a int path '$.a', b text path '$.b' default 'x' on empty, e bool exists path '$.e', nested path '$.k[*]' columns (c text path '$.c'))) j
select j.nope from places p, json_table(p.doc, '$[*]' columns (a int path '$.a')) j
select json_value(doc, '$.a'), json_query(doc, '$.b'), json_exists(doc, '$.c') from places
select json_value(doc, '$.a' passing nope as x) from places
select json_scalar(email), json_serialize(json('{}')), json_object('a': email), json_array(email, 1), json_array(select email from customers) from customers
select json_objectagg(id: email), json_arrayagg(email order by id) from customers
select email is json from customers
select any_value(email) from customers
update customers set name = 'x' where id = 1 returning old.name, new.name, old.*
update customers set name = 'x' where id = 1 returning with (old as o, new as n) o.name, n.email
update customers set name = 'x' where id = 1 returning old.nope
delete from customers where id = 1 returning old.email, new.email
insert into customers (id, name) values (1, 'x') on conflict (id) do update set name = 'y' returning old.email, new.email, email
merge into archive a using customers c on a.id = c.id when matched then update set email = c.email when not matched then insert (id, email) values (id, email) returning merge_action(), a.id, c.email, old.email
merge into archive a using customers c on a.id = c.id when not matched by source then delete
merge into archive a using customers c on a.id = c.id when not matched by source then update set email = name
select * from (values (1)) as v
select * from (select 1)
select from (select email from customers)
select email from (select email from customers)
select array_sort(tags) from places

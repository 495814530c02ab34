\d
\dt
\dt+
\du
\d customers
\d+ orders
\d contacts
\df
\df+ spent
\dn+
\dp
\di
\dv
\ds
\dT
\dx
\do *=
\drds
\db
\dC int4
\ddp
\dF
\dy
\dRp
\sf spent
\sv contacts
\dO
\da sum
\dg
\dL
\dd
\det
\des
\dew
\dA
\dX
\dP
\encoding
select count(*) from customers \gdesc
select 1 as a, 2 as b \gset
\echo :a :b
select name, extra->>'n' n, 1 as v from customers where id<3 \crosstabview
select format('select %s', g) from generate_series(1,2) g \gexec
\dconfig work_mem
\l postgres
\d customers_id_seq
\d contacts
\dt pg_catalog.pg_am
\dS+ pg_class
\dv+ public.*
\z customers
\dRs
\dOS+ "C"
\des+
\lo_list
\h SELECT

-- Every \d-command of psql in its plain, S and + forms, on a schema with one of nearly everything.
\set VERBOSITY verbose
SET search_path = shop, public;
\d
\d+
\dt
\dt+
\dv
\dv+
\dm
\dm+
\di
\di+
\ds
\ds+
\dE
\dE+
\dA
\dA+
\dAc
\dAc+
\dAf
\dAf+
\dAo
\dAo+
\dAp
\da
\db
\db+
\dc
\dc+
\dC
\dC+
\dd
\dd+
\ddp
\dD
\dD+
\des
\des+
\det
\det+
\deu
\deu+
\dew
\dew+
\df
\df+
\dF
\dF+
\dFd
\dFd+
\dFp
\dFp+
\dFt
\dFt+
\dg
\dg+
\dl
\dl+
\dL
\dL+
\dn
\dn+
\do
\do+
\dO
\dO+
\dp
\dP
\dP+
\drds
\dRp
\dRp+
\dRs
\dRs+
\dT
\dT+
\du
\du+
\dx
\dx+
\dX
\dX+
\dy
\dy+
\z
\dS
\dtS
\dvS
\dmS
\diS
\dsS
\dES
\dnS
\dDS
\dTS
\dgS
\duS
\dLS
\dcS
\doS
\dS+ pg_class
\dvS pg_catalog.pg_r*
\dtS+ pg_catalog.pg_a?
\dfS+ pg_catalog.lower
\daS+ sum
\doS+ *
\doS+ ~
\dTS+ pg_catalog.int?
\dOS+ "C"
\dDS+ information_schema.*
\dAo+ btree int*
\dAp gin array_ops
\dAc+ gist range*
\dC+ int4
\dcS+ latin1*
\dFp+ default
\dFt+ simple
\dF+ english
\dFd+ plain
\dl+
\d shop.people
\d+ shop.people
\d shop.events
\d+ shop.events
\d shop.parted
\d+ shop.parted
\d shop.parted_1
\d+ shop.parted_1
\d shop.parted_2
\d+ shop.parted_2
\d shop.parted_2a
\d+ shop.parted_2a
\d shop.child
\d+ shop.child
\d shop.quick
\d+ shop.quick
\d shop.typed
\d+ shop.typed
\d shop.names
\d+ shop.names
\d shop.moods
\d+ shop.moods
\d shop.away
\d+ shop.away
\d shop.numbers
\d+ shop.numbers
\d shop.people_lower
\d+ shop.people_lower
\d shop.people_tags
\d+ shop.people_tags
\d shop.address
\d+ shop.address
\d shop.parted_pkey
\d+ shop.parted_pkey
\d shop.people_id_seq
\d+ shop.people_id_seq
\dt *.*_2*
\dtn
\dfa shop.*
\dfn+ shop.t*
\dfp+ shop.*
\dft+ shop.*
\df shop.twice int
\da+ shop.*
\do+ shop.*
\dT+ shop.*
\dD+ shop.*
\dO+ shop.*
\dc+ shop.*
\dd shop.*
\dPi+ *.*
\dPtn+ *.*
\drds tools_owner postgres
\dx+ hstore
\dx+ file_fdw
\dconfig+ *row_security*
\sf shop.twice
\sf+ shop.rows
\sf shop.thrice(int)
\sf shop.tidy
\sv shop.names
\sv+ contacts
\sf shop.total
\sv shop.people
\z shop.*
\dp shop.people
\ddp shop
\lo_list+
\d nowhere
\d+ "no""where".x
\dt a.b.c.d
\d (
\df nothing(
\x
\d+ people
\x
\pset format csv
\d people
\pset format aligned
\a
\dt+ pg_catalog.pg_am
\a
\t
\dn
\t

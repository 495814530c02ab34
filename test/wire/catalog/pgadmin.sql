-- What pgAdmin 4 asks a PostgreSQL server while it connects and its object browser is opened, object by object, and what
-- its dashboard asks as long as it is shown; the numbers that it writes into its templates are psql's variables here.
SELECT 'shop'::regnamespace::oid AS scid, 'shop.people'::regclass::oid AS tid, 'shop.names'::regclass::oid AS vid,
	'shop.parted'::regclass::oid AS pid, 'shop.mood'::regtype::oid AS tyid, 'shop.rows'::regproc::oid AS fnid,
	'shop.people_lower'::regclass::oid AS idx, 'tools_reader'::regrole::oid AS rid, 'shop.numbers'::regclass::oid AS seid,
	(SELECT oid FROM pg_database WHERE datname = current_database()) AS did \gset

-- connection
SET DateStyle = ISO;
SET client_min_messages = notice;
SELECT set_config('bytea_output', 'hex', false) FROM pg_show_all_settings() WHERE name = 'bytea_output';
SET client_encoding = 'UNICODE';
SELECT version();
SELECT db.oid AS did, db.datname, db.datallowconn, pg_encoding_to_char(db.encoding) AS serverencoding,
	has_database_privilege(db.oid, 'CREATE') AS cancreate, datistemplate
	FROM pg_catalog.pg_database db WHERE db.datname = current_database();
SELECT roles.oid AS id, roles.rolname AS name, roles.rolsuper AS is_superuser,
	CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END AS can_create_role,
	CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreatedb END AS can_create_db,
	CASE WHEN 'pg_signal_backend' = ANY (ARRAY(WITH RECURSIVE cte AS (
			SELECT pg_roles.oid, pg_roles.rolname FROM pg_catalog.pg_roles WHERE pg_roles.oid = roles.oid
			UNION ALL
			SELECT m.roleid, pgr.rolname FROM cte cte_1 JOIN pg_catalog.pg_auth_members m ON m.member = cte_1.oid JOIN pg_catalog.pg_roles pgr ON pgr.oid = m.roleid)
		SELECT rolname FROM cte)) THEN true ELSE false END AS can_signal_backend
	FROM pg_catalog.pg_roles AS roles WHERE rolname = current_user;
SELECT CASE WHEN usesuper THEN pg_is_in_recovery() ELSE FALSE END AS inrecovery,
	CASE WHEN usesuper AND pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE FALSE END AS isreplaypaused
	FROM pg_catalog.pg_user WHERE usename = current_user;
SELECT gss_authenticated, encrypted FROM pg_catalog.pg_stat_gssapi WHERE pid = pg_backend_pid();

-- server: databases, roles, tablespaces
SELECT db.oid AS did, db.oid, db.datname AS name, db.dattablespace AS spcoid, spcname, datallowconn, pg_catalog.pg_encoding_to_char(encoding) AS encoding,
	pg_catalog.pg_get_userbyid(datdba) AS datowner, db.datcollate, db.datctype, datconnlimit, datistemplate AS is_template,
	pg_catalog.has_database_privilege(db.oid, 'CREATE') AS cancreate, pg_catalog.current_setting('default_tablespace') AS default_tablespace,
	descr.description AS comments,
	(SELECT pg_catalog.array_to_string(ARRAY(SELECT defaclacl::text FROM pg_catalog.pg_default_acl WHERE defaclobjtype = 'r' AND defaclnamespace = 0::oid), ', ')) AS tblacl,
	pg_catalog.array_to_string(datacl::text[], ', ') AS acl
	FROM pg_catalog.pg_database db
	LEFT OUTER JOIN pg_catalog.pg_tablespace ta ON db.dattablespace = ta.oid
	LEFT OUTER JOIN pg_catalog.pg_shdescription descr ON db.oid = descr.objoid AND descr.classoid = 'pg_database'::regclass
	WHERE db.oid = :did;
SELECT pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(:did)) IS NOT NULL;
SELECT r.oid, r.*, pg_catalog.shobj_description(r.oid, 'pg_authid') AS description,
	ARRAY(SELECT CASE WHEN am.admin_option THEN '1' ELSE '0' END || rm.rolname FROM (SELECT * FROM pg_catalog.pg_auth_members WHERE member = r.oid) am
		LEFT JOIN pg_catalog.pg_roles rm ON (rm.oid = am.roleid) ORDER BY rm.rolname) AS rolmembership,
	(SELECT pg_catalog.array_agg(provider || '=' || label) FROM pg_catalog.pg_shseclabel sl1 WHERE sl1.objoid = r.oid) AS seclabels
	FROM pg_catalog.pg_roles r ORDER BY r.rolcanlogin, r.rolname;
SELECT split_part(rolconfig, '=', 1) AS name, replace(rolconfig, split_part(rolconfig, '=', 1) || '=', '') AS value, NULL::text AS database
	FROM (SELECT pg_catalog.unnest(rolconfig) AS rolconfig FROM pg_catalog.pg_roles WHERE oid = :rid) r;
SELECT ts.oid, spcname AS name, spcoptions, pg_catalog.pg_get_userbyid(spcowner) AS spcuser, pg_catalog.pg_tablespace_location(ts.oid) AS spclocation,
	pg_catalog.array_to_string(spcacl::text[], ', ') AS acl, pg_catalog.shobj_description(ts.oid, 'pg_tablespace') AS description
	FROM pg_catalog.pg_tablespace ts ORDER BY name;
SELECT rolname AS refname, refclassid, deptype FROM pg_catalog.pg_shdepend dep LEFT JOIN pg_catalog.pg_roles r ON refclassid = 1260 AND refobjid = r.oid
	WHERE dep.objid = :tid ORDER BY 1;

-- database: schemas, casts, languages, extensions, publications
SELECT nsp.oid, nsp.nspname AS name, pg_catalog.has_schema_privilege(nsp.oid, 'CREATE') AS can_create, pg_catalog.has_schema_privilege(nsp.oid, 'USAGE') AS has_usage
	FROM pg_catalog.pg_namespace nsp
	WHERE nspname NOT LIKE E'pg\\_%' AND NOT ((nsp.nspname = 'pg_catalog' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'pg_class' AND relnamespace = nsp.oid LIMIT 1))
		OR (nsp.nspname = 'information_schema' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'tables' AND relnamespace = nsp.oid LIMIT 1)))
	ORDER BY nspname;
SELECT 'nspacl' AS deftype, COALESCE(gt.rolname, 'PUBLIC') grantee, g.rolname grantor, pg_catalog.array_agg(privilege_type ORDER BY privilege_type) AS privileges, pg_catalog.array_agg(is_grantable) AS grantable
	FROM (SELECT d.grantee, d.grantor, d.is_grantable, CASE d.privilege_type WHEN 'CREATE' THEN 'C' WHEN 'USAGE' THEN 'U' ELSE 'UNKNOWN' END AS privilege_type
		FROM (SELECT nsp.nspacl FROM pg_catalog.pg_namespace nsp WHERE nsp.oid = :scid) acl,
			(SELECT (d).grantee, (d).grantor, (d).is_grantable, (d).privilege_type FROM (SELECT pg_catalog.aclexplode(nsp.nspacl) AS d FROM pg_catalog.pg_namespace nsp WHERE nsp.oid = :scid) a) d) d
	LEFT JOIN pg_catalog.pg_roles g ON (d.grantor = g.oid) LEFT JOIN pg_catalog.pg_roles gt ON (d.grantee = gt.oid)
	GROUP BY g.rolname, gt.rolname ORDER BY 2;
SELECT ca.oid, pg_catalog.concat(pg_catalog.format_type(st.oid, NULL), '->', pg_catalog.format_type(tt.oid, tt.typtypmod)) AS name, des.description
	FROM pg_catalog.pg_cast ca JOIN pg_catalog.pg_type st ON st.oid = castsource JOIN pg_catalog.pg_type tt ON tt.oid = casttarget
	LEFT JOIN pg_catalog.pg_proc pr ON pr.oid = castfunc
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = ca.oid AND des.objsubid = 0 AND des.classoid = 'pg_cast'::regclass)
	WHERE ca.oid > 16384 ORDER BY st.typname, tt.typname;
SELECT lan.oid, lan.lanname AS name, lanpltrusted AS trusted, hp.proname AS lanproc, vp.proname AS lanval, pg_catalog.pg_get_userbyid(lan.lanowner) AS lanowner, ip.proname AS laninl
	FROM pg_catalog.pg_language lan LEFT OUTER JOIN pg_catalog.pg_proc hp ON hp.oid = lanplcallfoid
	LEFT OUTER JOIN pg_catalog.pg_proc ip ON ip.oid = laninline LEFT OUTER JOIN pg_catalog.pg_proc vp ON vp.oid = lanvalidator
	WHERE lanispl IS TRUE ORDER BY lanname;
SELECT x.oid, pg_catalog.pg_get_userbyid(extowner) AS owner, x.extname AS name, n.nspname AS schema, x.extrelocatable AS relocatable, x.extversion AS version, e.comment
	FROM pg_catalog.pg_extension x LEFT JOIN pg_catalog.pg_namespace n ON x.extnamespace = n.oid
	JOIN pg_catalog.pg_available_extensions() e(name, default_version, comment) ON x.extname = e.name ORDER BY x.extname;
SELECT e.name, e.installed, e.superuser, e.requires FROM pg_catalog.pg_available_extension_versions e WHERE e.name LIKE 'pg%' ORDER BY 1, version LIMIT 5;
SELECT c.oid, pubname AS name, puballtables AS all_table, pubinsert AS evnt_insert, pga.rolname AS pubowner FROM pg_catalog.pg_publication c JOIN pg_catalog.pg_roles pga ON c.pubowner = pga.oid ORDER BY 2;
SELECT DISTINCT pubname, schemaname, tablename FROM pg_catalog.pg_publication_tables ORDER BY 1, 2, 3;
SELECT sub.oid, sub.subname AS name, subpublications AS pub, subenabled FROM pg_catalog.pg_subscription sub WHERE sub.subdbid = :did;
SELECT srv.oid, srvname AS name, srvtype, srvversion, pg_catalog.array_to_string(srvoptions, ',') AS fsrvoptions, fdw.fdwname
	FROM pg_catalog.pg_foreign_server srv LEFT OUTER JOIN pg_catalog.pg_foreign_data_wrapper fdw ON fdw.oid = srvfdw ORDER BY srvname;
SELECT et.oid, et.evtname AS name, pg_catalog.upper(et.evtevent) AS eventname, pg_catalog.pg_get_userbyid(et.evtowner) AS eventowner, evtenabled, p.prosrc AS source
	FROM pg_catalog.pg_event_trigger et LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = et.evtfoid ORDER BY et.evtname;

-- schema: tables
SELECT rel.oid, rel.relname AS name, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE) AS triggercount,
	(SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE AND tgenabled = 'O') AS has_enable_triggers,
	(CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_partitioned, nsp.nspname AS schema, pg_catalog.pg_get_userbyid(rel.relowner) AS relowner,
	(SELECT count(1) FROM pg_catalog.pg_inherits WHERE inhrelid = rel.oid LIMIT 1) AS is_inherits
	FROM pg_catalog.pg_class rel INNER JOIN pg_catalog.pg_namespace nsp ON rel.relnamespace = nsp.oid
	WHERE rel.relkind IN ('r', 't', 'f', 'p') AND NOT rel.relispartition AND rel.relnamespace = :scid ORDER BY rel.relname;
SELECT rel.oid, rel.relname AS name, rel.relacl AS relacl_str, rel.relhasoids_is_gone FROM (SELECT *, false AS relhasoids_is_gone FROM pg_catalog.pg_class) rel
	LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = rel.oid AND con.contype = 'p' WHERE rel.oid = :tid;
SELECT rel.oid, rel.relname AS name, rel.reltablespace AS spcoid, rel.relpersistence, pg_catalog.obj_description(rel.oid) AS description,
	CASE WHEN length(spc.spcname::text) > 0 THEN spc.spcname ELSE (SELECT sp.spcname FROM pg_catalog.pg_database dtb JOIN pg_catalog.pg_tablespace sp ON dtb.dattablespace = sp.oid WHERE dtb.oid = :did) END AS spcname,
	pg_catalog.pg_get_partkeydef(rel.oid) AS partkey, substring(pg_catalog.array_to_string(rel.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor,
	pg_catalog.array_to_string(rel.reloptions, ',') AS reloptions, tst.reloptions AS toast_table_storage, con.conname, con.conkey,
	EXISTS (SELECT 1 FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_proc pt ON pt.oid = tgfoid AND pt.proname = 'logtrigger' JOIN pg_catalog.pg_proc pc ON pc.pronamespace = pt.pronamespace AND pc.proname = 'slonyversion' WHERE tgrelid = rel.oid) AS isrepl,
	(SELECT pg_catalog.array_agg(provider || '=' || label) FROM pg_catalog.pg_seclabels sl1 WHERE sl1.objoid = rel.oid AND sl1.objsubid = 0) AS seclabels,
	CASE WHEN typ.typrelid IS NOT NULL THEN typ.typname ELSE NULL END AS typname
	FROM pg_catalog.pg_class rel
	LEFT OUTER JOIN pg_catalog.pg_tablespace spc ON spc.oid = rel.reltablespace
	LEFT OUTER JOIN pg_catalog.pg_constraint con ON con.conrelid = rel.oid AND con.contype = 'p'
	LEFT OUTER JOIN pg_catalog.pg_class tst ON tst.oid = rel.reltoastrelid
	LEFT JOIN pg_catalog.pg_type typ ON rel.reloftype = typ.oid
	WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = :scid ORDER BY rel.relname;
SELECT att.attname AS name, att.attnum, att.atttypid, format_type(ty.oid, NULL) AS typname, format_type(ty.oid, att.atttypmod) AS displaytypname,
	pg_catalog.pg_get_serial_sequence(quote_ident(na.nspname) || '.' || quote_ident(cl.relname), attname) AS seq,
	pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS defval, CASE WHEN length(coll.collname::text) > 0 AND length(nspc.nspname::text) > 0 THEN pg_catalog.concat(pg_catalog.quote_ident(nspc.nspname), '.', pg_catalog.quote_ident(coll.collname)) ELSE '' END AS collspcname,
	des.description, pg_catalog.col_description(att.attrelid, att.attnum) AS descr, att.attidentity, att.attgenerated, att.attoptions, att.attstorage,
	EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = att.attrelid AND contype = 'f' AND att.attnum = ANY (conkey)) AS is_fk,
	seq.*
	FROM pg_catalog.pg_attribute att
	JOIN pg_catalog.pg_type ty ON ty.oid = atttypid
	JOIN pg_catalog.pg_class cl ON cl.oid = att.attrelid
	JOIN pg_catalog.pg_namespace na ON na.oid = cl.relnamespace
	LEFT OUTER JOIN pg_catalog.pg_attrdef def ON adrelid = att.attrelid AND adnum = att.attnum
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = att.attrelid AND des.objsubid = att.attnum AND des.classoid = 'pg_class'::regclass)
	LEFT OUTER JOIN (pg_catalog.pg_depend dep JOIN pg_catalog.pg_class cs ON dep.classid = 'pg_class'::regclass AND dep.objid = cs.oid AND cs.relkind = 'S') ON dep.refobjid = att.attrelid AND dep.refobjsubid = att.attnum
	LEFT OUTER JOIN pg_catalog.pg_namespace ns ON ns.oid = cl.relnamespace
	LEFT OUTER JOIN pg_catalog.pg_collation coll ON att.attcollation = coll.oid
	LEFT OUTER JOIN pg_catalog.pg_namespace nspc ON coll.collnamespace = nspc.oid
	LEFT OUTER JOIN pg_catalog.pg_sequence seq ON cs.oid = seq.seqrelid
	WHERE att.attrelid = :tid AND att.attnum > 0 AND att.attisdropped IS FALSE ORDER BY att.attnum;
SELECT cls.oid, cls.relname AS name, indnkeyatts AS col_count, CASE WHEN length(spcname::text) > 0 THEN spcname ELSE NULL END AS spcname, CASE conrelid WHEN 0 THEN NULL ELSE desp.description END AS comment, condeferrable, condeferred, conislocal, substring(pg_catalog.array_to_string(cls.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor
	FROM pg_catalog.pg_index idx JOIN pg_catalog.pg_class cls ON cls.oid = indexrelid LEFT OUTER JOIN pg_catalog.pg_class tab ON tab.oid = indrelid
	LEFT OUTER JOIN pg_catalog.pg_tablespace ta ON ta.oid = cls.reltablespace
	LEFT JOIN pg_catalog.pg_depend dep ON (dep.classid = cls.tableoid AND dep.objid = cls.oid AND dep.refobjsubid = '0' AND dep.refclassid = (SELECT oid FROM pg_catalog.pg_class WHERE relname = 'pg_constraint') AND dep.deptype = 'i')
	LEFT OUTER JOIN pg_catalog.pg_constraint con ON (con.tableoid = dep.refclassid AND con.oid = dep.refobjid)
	LEFT OUTER JOIN pg_catalog.pg_description desp ON (desp.objoid = con.oid AND desp.objsubid = 0 AND desp.classoid = 'pg_constraint'::regclass)
	WHERE indrelid = :tid ORDER BY cls.oid;
SELECT DISTINCT ON (cls.relname) cls.oid, cls.relname AS name, indrelid, indkey, indisclustered, indisvalid, indisunique, indisprimary, n.nspname, indnatts, cls.reltablespace AS spcoid, pg_catalog.pg_get_expr(idx.indpred, idx.indrelid, true) AS indconstraint, am.amname,
	(SELECT pg_catalog.array_agg(CASE WHEN opc.opcdefault IS TRUE THEN '' ELSE opc.opcname END) FROM pg_catalog.pg_opclass opc WHERE opc.oid = ANY (idx.indclass)) AS opcs,
	pg_catalog.pg_get_indexdef(idx.indexrelid, 1, true) AS col, pg_catalog.pg_index_column_has_property(idx.indexrelid, 1, 'desc') AS is_desc
	FROM pg_catalog.pg_index idx JOIN pg_catalog.pg_class cls ON cls.oid = indexrelid JOIN pg_catalog.pg_class tab ON tab.oid = indrelid
	JOIN pg_catalog.pg_namespace n ON n.oid = tab.relnamespace JOIN pg_catalog.pg_am am ON am.oid = cls.relam
	WHERE indrelid = :tid ORDER BY cls.relname;
SELECT ct.oid, conname AS name, condeferrable, condeferred, confupdtype, confdeltype, CASE confmatchtype WHEN 's' THEN FALSE WHEN 'f' THEN TRUE END AS confmatchtype, conkey, confkey, confrelid, nl.nspname AS fknsp, cl.relname AS fktab, description AS comment, convalidated, conislocal, pg_catalog.pg_get_constraintdef(ct.oid, true) AS def
	FROM pg_catalog.pg_constraint ct JOIN pg_catalog.pg_class cl ON cl.oid = conrelid JOIN pg_catalog.pg_namespace nl ON nl.oid = cl.relnamespace
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = ct.oid AND des.classoid = 'pg_constraint'::regclass)
	WHERE contype IN ('f', 'c', 'x') AND conrelid = :tid ORDER BY conname;
SELECT t.oid, t.tgname AS name, t.tgenabled, nspname, des.description, l.lanname, p.prosrc, p.proname AS tfunction, pg_catalog.pg_get_triggerdef(t.oid) AS definition,
	COALESCE(substring(pg_catalog.pg_get_triggerdef(t.oid), 'WHEN (.*) EXECUTE PROCEDURE'), substring(pg_catalog.pg_get_triggerdef(t.oid), 'WHEN (.*) EXECUTE FUNCTION')) AS whenclause
	FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class cl ON cl.oid = tgrelid JOIN pg_catalog.pg_namespace na ON na.oid = relnamespace
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = t.oid AND des.classoid = 'pg_trigger'::regclass)
	LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid LEFT OUTER JOIN pg_catalog.pg_language l ON l.oid = p.prolang
	WHERE NOT tgisinternal AND tgrelid = :tid ORDER BY tgname;
SELECT pl.oid, pl.polname AS name, pl.polpermissive, rw.cmd AS event, rw.qual AS using, rw.with_check AS withcheck, pg_catalog.array_to_string(rw.roles::name[], ', ') AS policyowner
	FROM pg_catalog.pg_policy pl JOIN pg_catalog.pg_policies rw ON pl.polname = rw.policyname JOIN pg_catalog.pg_class c ON c.oid = pl.polrelid WHERE pl.polrelid = :tid ORDER BY 2;
SELECT rw.oid, rw.rulename AS name, relname AS view, CASE WHEN relkind = 'r' THEN true ELSE false END AS parentistable, nspname AS schema, description AS comment, CASE WHEN rw.ev_enabled != 'D' THEN true ELSE false END AS enabled, pg_catalog.pg_get_ruledef(rw.oid) AS definition
	FROM pg_catalog.pg_rewrite rw JOIN pg_catalog.pg_class cl ON cl.oid = rw.ev_class JOIN pg_catalog.pg_namespace nsp ON nsp.oid = cl.relnamespace
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = rw.oid AND des.classoid = 'pg_rewrite'::regclass AND des.objsubid = 0) WHERE nspname = 'shop' ORDER BY rw.rulename, relname;
SELECT rel.oid, rel.relname AS name, pg_catalog.pg_get_expr(rel.relpartbound, rel.oid) AS partition_value, rel.relnamespace AS schema_id, nsp.nspname AS schema_name, (CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_sub_partitioned, pg_catalog.pg_get_partition_constraintdef(rel.oid)
	FROM (SELECT * FROM pg_catalog.pg_inherits WHERE inhparent = :pid) inh LEFT JOIN pg_catalog.pg_class rel ON inh.inhrelid = rel.oid LEFT JOIN pg_catalog.pg_namespace nsp ON rel.relnamespace = nsp.oid ORDER BY rel.relname;
SELECT relid, level, isleaf FROM pg_catalog.pg_partition_tree(:pid) ORDER BY 1;

-- schema: views, functions, types, sequences, text search, and the rest
SELECT c.oid, c.relname AS name, description AS comment, c.reltablespace AS spcoid, pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.pg_get_viewdef(c.oid, true) AS definition,
	substring(pg_catalog.array_to_string(c.reloptions, ',') FROM 'security_barrier=([a-z|0-9]*)')::boolean AS security_barrier
	FROM pg_catalog.pg_class c LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = c.oid AND des.objsubid = 0 AND des.classoid = 'pg_class'::regclass)
	WHERE ((c.relhasrules AND (EXISTS (SELECT r.rulename FROM pg_catalog.pg_rewrite r WHERE ((r.ev_class = c.oid) AND (bpchar(r.ev_type) = '1'::bpchar))))) OR (c.relkind = 'v'::char)) AND c.relnamespace = :scid ORDER BY c.relname;
SELECT pr.oid, pr.proname || '(' || COALESCE(pg_catalog.pg_get_function_identity_arguments(pr.oid), '') || ')' AS name, lanname, pg_catalog.pg_get_userbyid(proowner) AS funcowner, pg_catalog.pg_get_function_result(pr.oid), pg_catalog.pg_get_function_arguments(pr.oid), pg_catalog.pg_get_function_sqlbody(pr.oid), pr.prosrc, pr.proconfig, pg_catalog.oidvectortypes(pr.proargtypes)
	FROM pg_catalog.pg_proc pr JOIN pg_catalog.pg_type typ ON typ.oid = prorettype JOIN pg_catalog.pg_language lng ON lng.oid = prolang
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = pr.oid AND des.classoid = 'pg_proc'::regclass AND des.objsubid = 0)
	WHERE pr.prokind IN ('f', 'w', 'p') AND pronamespace = :scid ORDER BY proname, 1;
SELECT nspname, pg_catalog.pg_get_functiondef(pr.oid) FROM pg_catalog.pg_proc pr JOIN pg_catalog.pg_namespace n ON n.oid = pr.pronamespace WHERE pr.oid = :fnid;
SELECT t.oid, t.typname AS name, pg_catalog.format_type(t.oid, NULL) AS alias, t.typtype, CASE WHEN t.typtype = 'c' THEN (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute WHERE attrelid = t.typrelid) END AS composite,
	(SELECT pg_catalog.array_agg(enumlabel ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid) AS labels, rng.rngsubtype::regtype, pg_catalog.array_to_string(t.typacl::text[], ', ') AS acl
	FROM pg_catalog.pg_type t LEFT OUTER JOIN pg_catalog.pg_class ct ON ct.oid = t.typrelid AND ct.relkind <> 'c' LEFT JOIN pg_catalog.pg_range rng ON rng.rngtypid = t.oid
	WHERE t.typtype != 'd' AND t.typname NOT LIKE E'\\_%' AND t.typnamespace = :scid AND ct.oid IS NULL ORDER BY t.typname;
SELECT d.oid, d.typname AS name, pg_catalog.pg_get_userbyid(d.typowner) AS owner, bn.nspname AS basensp, pg_catalog.format_type(b.oid, d.typtypmod) AS fulltype, d.typdefault, con.conname, pg_catalog.pg_get_constraintdef(con.oid)
	FROM pg_catalog.pg_type d JOIN pg_catalog.pg_type b ON b.oid = d.typbasetype JOIN pg_catalog.pg_namespace bn ON bn.oid = b.typnamespace LEFT JOIN pg_catalog.pg_constraint con ON con.contypid = d.oid
	WHERE d.typtype = 'd' AND d.typnamespace = :scid;
SELECT cl.oid, relname AS name, nspname AS schema, pg_catalog.pg_get_userbyid(relowner) AS seqowner, description AS comment, pg_catalog.array_to_string(cl.relacl::text[], ', ') AS acl,
	CASE WHEN refclassid IS NULL THEN NULL ELSE refobjid::regclass END AS owned_table, refobjsubid, pg_catalog.pg_sequence_last_value(cl.oid), (pg_catalog.pg_sequence_parameters(cl.oid)).*
	FROM pg_catalog.pg_class cl JOIN pg_catalog.pg_namespace n ON n.oid = cl.relnamespace
	LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = cl.oid AND des.classoid = 'pg_class'::regclass)
	LEFT OUTER JOIN pg_catalog.pg_depend d1 ON d1.objid = cl.oid AND d1.deptype = 'a'
	WHERE relkind = 'S' AND relnamespace = :scid ORDER BY relname;
SELECT last_value, min_value, max_value, start_value, cache_size, cycle, increment_by FROM pg_catalog.pg_sequences WHERE schemaname = 'shop' AND sequencename = 'numbers';
SELECT cfg.oid, cfg.cfgname AS name, prs.prsname, (SELECT string_agg(t.alias || ' ' || dict.dictname, ', ' ORDER BY t.tokid, map.mapseqno) FROM pg_catalog.ts_token_type(cfg.cfgparser) t JOIN pg_catalog.pg_ts_config_map map ON map.maptokentype = t.tokid AND map.mapcfg = cfg.oid JOIN pg_catalog.pg_ts_dict dict ON dict.oid = map.mapdict) AS tokens
	FROM pg_catalog.pg_ts_config cfg JOIN pg_catalog.pg_ts_parser prs ON prs.oid = cfg.cfgparser WHERE cfg.cfgnamespace = :scid;
SELECT c.oid, c.collname AS name, c.collcollate AS lc_collate, c.collctype AS lc_type, c.collprovider, pg_catalog.pg_get_userbyid(c.collowner) AS owner, pg_catalog.pg_collation_actual_version(c.oid) FROM pg_catalog.pg_collation c WHERE c.collnamespace = :scid;
SELECT op.oid, op.oprname AS name, lt.typname AS lefttype, op.oprcode::regprocedure, op.oprcom::regoperator, op.oprcanhash FROM pg_catalog.pg_operator op LEFT JOIN pg_catalog.pg_type lt ON lt.oid = op.oprleft WHERE op.oprnamespace = :scid;
SELECT agg.aggfnoid::regprocedure, agg.aggtransfn, agg.aggtranstype::regtype, agg.agginitval FROM pg_catalog.pg_aggregate agg JOIN pg_catalog.pg_proc p ON p.oid = agg.aggfnoid WHERE p.pronamespace = :scid;
SELECT has_table_privilege(:tid, 'SELECT'), has_table_privilege('tools_reader', 'shop.people', 'DELETE'), has_any_column_privilege(:tid, 'UPDATE'), has_column_privilege('tools_reader', :tid, 1::smallint, 'SELECT'),
	has_sequence_privilege(:seid, 'USAGE'), has_function_privilege(:fnid, 'EXECUTE'), has_type_privilege(:tyid, 'USAGE'), has_language_privilege('plpgsql', 'USAGE'), has_tablespace_privilege('pg_default', 'CREATE'),
	has_server_privilege('far', 'USAGE'), has_foreign_data_wrapper_privilege('nowhere', 'USAGE'), pg_has_role('tools_owner', 'tools_reader', 'MEMBER'), row_security_active(:tid);
SELECT DISTINCT dep.deptype, dep.refclassid, cl.relkind, ad.adbin IS NULL, pg_catalog.pg_describe_object(dep.refclassid, dep.refobjid, dep.refobjsubid) AS what, (pg_catalog.pg_identify_object(dep.classid, dep.objid, dep.objsubid)).*
	FROM pg_catalog.pg_depend dep LEFT JOIN pg_catalog.pg_class cl ON dep.refobjid = cl.oid LEFT JOIN pg_catalog.pg_attrdef ad ON ad.oid = dep.objid WHERE dep.objid = :vid OR dep.refobjid = :vid ORDER BY what, identity;

-- statistics and the dashboard
SELECT seq_scan >= 0, n_live_tup >= 0, pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(stat.relid)) AS size, pg_catalog.pg_size_pretty(pg_catalog.pg_indexes_size(stat.relid)) AS indexes,
	CASE WHEN cl.reltoastrelid = 0 THEN 'none' ELSE pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(cl.reltoastrelid)) END AS toast
	FROM pg_catalog.pg_stat_all_tables stat JOIN pg_catalog.pg_statio_all_tables statio ON stat.relid = statio.relid JOIN pg_catalog.pg_class cl ON cl.oid = stat.relid WHERE stat.relid = :tid;
SELECT attname, null_frac, n_distinct, most_common_vals, correlation FROM pg_catalog.pg_stats WHERE schemaname = 'shop' AND tablename = 'people' ORDER BY attname;
SELECT 'session_stats' AS chart_name, (pg_catalog.row_to_json(t))::text IS NOT NULL AS chart_data
	FROM (SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = 'postgres') AS "Total", (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND datname = 'postgres') AS "Active") t
	UNION ALL
	SELECT 'tps_stats', (pg_catalog.row_to_json(t))::text IS NOT NULL
	FROM (SELECT (SELECT sum(xact_commit) + sum(xact_rollback) FROM pg_catalog.pg_stat_database WHERE datname = 'postgres') AS "Transactions", (SELECT sum(tup_inserted) FROM pg_catalog.pg_stat_database) AS "Inserts") t;
SELECT count(pid) > 0 FROM (SELECT pid, datname, usename, application_name, client_addr, pg_catalog.to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS backend_start, state, wait_event_type || ': ' || wait_event AS wait_event, pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(pid), ', ') AS blocking_pids, query, backend_type FROM pg_catalog.pg_stat_activity) a;
SELECT locktype, c.relname, mode, granted FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON l.relation = c.oid WHERE l.pid = pg_backend_pid() AND c.relname = 'pg_locks' ORDER BY 2, 3;
SELECT count(*) FROM pg_catalog.pg_prepared_xacts;
SELECT name, category, setting, unit, short_desc FROM pg_catalog.pg_settings WHERE category LIKE 'Query Tuning%' ORDER BY category, name;
SELECT version, current_database() IS NOT NULL, inet_server_port() IS NOT NULL, pg_postmaster_start_time() < now() AS started, pg_conf_load_time() < now() AS loaded FROM pg_catalog.version() AS version;
SELECT slot_name, plugin, active FROM pg_catalog.pg_replication_slots;

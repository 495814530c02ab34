-- What DBeaver asks a PostgreSQL server while it connects and its navigator is opened, object by object; the numbers that
-- it binds are psql's variables here.
SELECT 'shop'::regnamespace::oid AS schema, 'shop.people'::regclass::oid AS rel, 'shop.names'::regclass::oid AS view,
	'shop.parted'::regclass::oid AS parted, 'shop.mood'::regtype::oid AS type, 'shop.touch'::regproc::oid AS proc,
	'shop.people_lower'::regclass::oid AS index, 'tools_reader'::regrole::oid AS role,
	(SELECT oid FROM pg_database WHERE datname = current_database()) AS db \gset

-- connection
SET extra_float_digits = 3;
SET application_name = 'DBeaver 24.1.0 - Main <postgres>';
SELECT current_schema(), session_user;
SHOW search_path;
SELECT version();
SELECT current_setting('server_version_num');
SELECT * FROM pg_catalog.pg_enum WHERE 1 <> 1 LIMIT 1;
SELECT reltype FROM pg_catalog.pg_class WHERE 1 <> 1 LIMIT 1;
SELECT db.oid, db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate AND db.datname = 'postgres';
SELECT d.oid, d.datname, d.datdba, d.encoding, pg_encoding_to_char(d.encoding) AS encname, d.dattablespace, shobj_description(d.oid, 'pg_database') AS description
	FROM pg_catalog.pg_database d ORDER BY d.datname;
SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n
	LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.objsubid = 0 AND d.classoid = 'pg_namespace'::regclass
	ORDER BY nspname;
SELECT setting FROM pg_catalog.pg_settings WHERE name = 'standard_conforming_strings';
SELECT name, setting, unit, short_desc, vartype, context FROM pg_catalog.pg_settings WHERE name IN ('work_mem', 'DateStyle', 'max_connections');
SET search_path = public, shop;
SELECT t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) AS base_type_name, d.description
	FROM pg_catalog.pg_type t
	LEFT OUTER JOIN pg_catalog.pg_type et ON et.oid = t.typelem
	LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
	LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid = d.objoid
	WHERE t.typname IS NOT NULL AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')
	ORDER BY t.oid, d.classoid;

-- navigator: a schema
SELECT c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_expr, pg_catalog.pg_get_partkeydef(c.oid) AS partition_key
	FROM pg_catalog.pg_class c
	LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
	WHERE c.relnamespace = :schema AND c.relkind NOT IN ('i', 'I', 'c') ORDER BY c.relname;
SELECT c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) AS def_value, dsc.description, dep.objid
	FROM pg_catalog.pg_attribute a
	INNER JOIN pg_catalog.pg_class c ON a.attrelid = c.oid
	LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
	LEFT OUTER JOIN pg_catalog.pg_description dsc ON c.oid = dsc.objoid AND a.attnum = dsc.objsubid
	LEFT OUTER JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum AND dep.classid = dep.refclassid
	WHERE NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 'c') AND c.oid = :rel ORDER BY a.attnum;
SELECT c.oid, c.*, t.relname AS tabrelname, rt.relnamespace AS refnamespace, d.description,
	CASE WHEN c.contype = 'c' THEN "substring"(pg_get_constraintdef(c.oid), 7) ELSE NULL END consrc_copy,
	pg_get_constraintdef(c.oid) AS definition
	FROM pg_catalog.pg_constraint c
	INNER JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
	LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid
	LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_constraint'::regclass
	WHERE c.conrelid = :rel ORDER BY c.oid;
SELECT i.*, i.indkey AS keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname AS tabrelname, dsc.description,
	pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) AS expr,
	pg_catalog.pg_relation_size(i.indexrelid) >= 0 AS index_rel_size, pg_catalog.pg_stat_get_numscans(i.indexrelid) >= 0 AS index_num_scans
	FROM pg_catalog.pg_index i
	INNER JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
	INNER JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid
	LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid = dsc.objoid
	WHERE i.indrelid = :rel ORDER BY tabrelname, c.relname;
SELECT pg_catalog.pg_get_indexdef(:index);
SELECT x.oid, x.*, p.pronamespace AS func_schema_id, d.description
	FROM pg_catalog.pg_trigger x
	LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = x.tgfoid
	LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.objsubid = 0 AND d.classoid = 'pg_trigger'::regclass
	WHERE x.tgrelid = :rel AND NOT x.tgisinternal;
SELECT pg_catalog.pg_get_triggerdef(oid, true) FROM pg_catalog.pg_trigger WHERE tgrelid = :rel AND NOT tgisinternal;
SELECT p.oid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) AS arg_defaults, d.description, l.lanname
	FROM pg_catalog.pg_proc p
	INNER JOIN pg_catalog.pg_language l ON l.oid = p.prolang
	LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.objsubid = 0
	WHERE p.pronamespace = :schema ORDER BY p.proname;
SELECT pg_catalog.pg_get_functiondef(:proc);
SELECT seq.* FROM pg_catalog.pg_sequences seq WHERE schemaname = 'shop' ORDER BY sequencename;
SELECT last_value, is_called FROM shop.numbers;
SELECT pg_catalog.pg_get_viewdef(:view, true);
SELECT r.oid, r.*, pg_catalog.pg_get_ruledef(r.oid, true) AS definition FROM pg_catalog.pg_rewrite r WHERE r.ev_class = :view;
SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = :type ORDER BY e.enumsortorder;
SELECT i.*, c.relnamespace FROM pg_catalog.pg_inherits i, pg_catalog.pg_class c WHERE i.inhparent = :parted AND c.oid = i.inhrelid ORDER BY i.inhseqno, c.relname;
SELECT pg_catalog.pg_get_partkeydef(:parted), pg_catalog.pg_get_statisticsobjdef(oid) FROM pg_catalog.pg_statistic_ext LIMIT 1;
SELECT pc.relname, pc.reltuples, pg_catalog.pg_total_relation_size(pc.oid) > 0 AS total_rel_size, pg_catalog.pg_relation_size(pc.oid) > 0 AS rel_size
	FROM pg_catalog.pg_class pc WHERE pc.relnamespace = :schema AND pc.relkind IN ('r', 'm') ORDER BY 1;
SELECT DISTINCT dep.deptype, dep.classid, cl.relkind, attr.attname, pg_get_expr(ad.adbin, ad.adrelid) AS adefval,
	CASE WHEN cl.relkind IS NOT NULL THEN cl.relkind::text WHEN tg.oid IS NOT NULL THEN 'T' WHEN ty.oid IS NOT NULL THEN 'y'
		WHEN ns.oid IS NOT NULL THEN 'n' WHEN pr.oid IS NOT NULL THEN 'p' WHEN rw.oid IS NOT NULL THEN 'R' ELSE '' END AS type,
	coalesce(coc.relname, clrw.relname) AS ownertable,
	CASE WHEN cl.relname IS NOT NULL AND att.attname IS NOT NULL THEN cl.relname || '.' || att.attname
		ELSE coalesce(cl.relname, co.conname, pr.proname, tg.tgname, ty.typname, rw.rulename, ns.nspname) END AS refname,
	coalesce(nsc.nspname, nso.nspname, nsp.nspname, nst.nspname, nsrw.nspname) AS nspname
	FROM pg_depend dep
	LEFT JOIN pg_class cl ON dep.objid = cl.oid
	LEFT JOIN pg_attribute att ON dep.objid = att.attrelid AND dep.objsubid = att.attnum
	LEFT JOIN pg_namespace nsc ON cl.relnamespace = nsc.oid
	LEFT JOIN pg_proc pr ON dep.objid = pr.oid
	LEFT JOIN pg_namespace nsp ON pr.pronamespace = nsp.oid
	LEFT JOIN pg_trigger tg ON dep.objid = tg.oid
	LEFT JOIN pg_type ty ON dep.objid = ty.oid
	LEFT JOIN pg_namespace nst ON ty.typnamespace = nst.oid
	LEFT JOIN pg_constraint co ON dep.objid = co.oid
	LEFT JOIN pg_class coc ON co.conrelid = coc.oid
	LEFT JOIN pg_namespace nso ON co.connamespace = nso.oid
	LEFT JOIN pg_rewrite rw ON dep.objid = rw.oid
	LEFT JOIN pg_class clrw ON clrw.oid = rw.ev_class
	LEFT JOIN pg_namespace nsrw ON clrw.relnamespace = nsrw.oid
	LEFT JOIN pg_namespace ns ON dep.objid = ns.oid
	LEFT JOIN pg_attrdef ad ON ad.oid = dep.objid
	LEFT JOIN pg_attribute attr ON attr.attrelid = ad.adrelid AND attr.attnum = ad.adnum
	WHERE dep.refobjid = :rel AND classid IN (SELECT oid FROM pg_class WHERE relname IN ('pg_class', 'pg_constraint', 'pg_conversion', 'pg_language', 'pg_proc', 'pg_rewrite', 'pg_namespace', 'pg_trigger', 'pg_type', 'pg_attrdef', 'pg_event_trigger', 'pg_foreign_server', 'pg_foreign_data_wrapper'))
	ORDER BY classid, cl.relkind, refname, deptype;

-- roles, extensions, foreign data, and the rest of a database
SELECT a.oid, a.* FROM pg_catalog.pg_roles a ORDER BY a.rolname;
SELECT r.rolname, m.admin_option, pg_catalog.shobj_description(r.oid, 'pg_authid') FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid WHERE m.member = 'tools_owner'::regrole ORDER BY 1;
SELECT * FROM information_schema.table_privileges WHERE table_schema = 'shop' AND grantee = 'tools_reader' ORDER BY table_name, privilege_type;
SELECT * FROM information_schema.column_privileges WHERE table_schema = 'shop' AND table_name = 'people' ORDER BY column_name, grantee, privilege_type;
SELECT relname, relacl, attname, attacl FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL WHERE c.relnamespace = :schema AND (relacl IS NOT NULL OR attacl IS NOT NULL) ORDER BY 1, 3;
SELECT defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl FROM pg_catalog.pg_default_acl;
SELECT (aclexplode(nspacl)).* FROM pg_catalog.pg_namespace WHERE nspname = 'shop';
SELECT e.oid, cfg.tbls, n.nspname AS schema_name, e.* FROM pg_catalog.pg_extension e
	JOIN pg_namespace n ON n.oid = e.extnamespace
	LEFT JOIN (SELECT ARRAY_AGG(ns.nspname || '.' || cls.relname) tbls, oid_ext FROM (SELECT unnest(e1.extconfig) oid, e1.oid oid_ext FROM pg_catalog.pg_extension e1) c
		JOIN pg_catalog.pg_class cls ON cls.oid = c.oid JOIN pg_catalog.pg_namespace ns ON ns.oid = cls.relnamespace GROUP BY oid_ext) cfg ON cfg.oid_ext = e.oid
	ORDER BY e.extname;
SELECT name, default_version, installed_version, comment FROM pg_catalog.pg_available_extensions ORDER BY name LIMIT 5;
SELECT l.oid, l.* FROM pg_catalog.pg_language l ORDER BY l.oid;
SELECT t.oid, t.*, pg_catalog.pg_tablespace_location(t.oid) AS loc FROM pg_catalog.pg_tablespace t ORDER BY t.oid;
SELECT l.oid, l.*, p.pronamespace AS handler_schema_id FROM pg_catalog.pg_foreign_data_wrapper l LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = l.fdwhandler ORDER BY l.fdwname;
SELECT l.oid, l.* FROM pg_catalog.pg_foreign_server l ORDER BY l.srvname;
SELECT am.oid, am.* FROM pg_catalog.pg_am am ORDER BY am.amname;
SELECT c.oid, c.* FROM pg_catalog.pg_collation c WHERE c.collnamespace = :schema;
SELECT oid, evtname, evtevent, evtenabled, evttags, evtfoid FROM pg_catalog.pg_event_trigger ORDER BY evtname;
SELECT pg_catalog.pg_encoding_to_char(c) FROM generate_series(0, 41) c ORDER BY 1;
SELECT x.oid, x.*, pg_catalog.pg_get_userbyid(x.polroles[1]) AS role, pg_catalog.pg_get_expr(x.polqual, x.polrelid) AS using, pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid) AS checked FROM pg_catalog.pg_policy x WHERE x.polrelid = :rel ORDER BY polname;

-- completion, search and the session manager
SELECT DISTINCT x.relname, x.relkind, n.nspname FROM pg_catalog.pg_class x, pg_catalog.pg_namespace n WHERE x.relnamespace = n.oid AND x.relkind IN ('r', 'v', 'p', 'f', 'm') AND x.relname ILIKE '%peo%' ORDER BY x.relname LIMIT 100;
SELECT x.attname, x.attrelid::regclass FROM pg_catalog.pg_attribute x, pg_catalog.pg_class c WHERE c.oid = x.attrelid AND x.attname LIKE 'cust%' AND NOT x.attisdropped ORDER BY 1, 2 LIMIT 10;
SELECT count(*) > 0 FROM pg_catalog.pg_stat_activity sa WHERE sa.datname = current_database();
SELECT l.locktype, l.mode FROM pg_catalog.pg_locks l WHERE l.relation = 'shop.people'::regclass;
SELECT pid IS NOT NULL, pg_blocking_pids(pid) FROM pg_stat_activity WHERE pid = pg_backend_pid();
EXPLAIN (FORMAT XML, COSTS off) SELECT * FROM shop.people;

import type { ReviewedGroup } from "./builtins-review.ts";

/** Functions in C by the symbols of a library. */
export interface ReviewedLibrary extends Omit<ReviewedGroup, "changesSettings"> {
	/** As `pg_proc.probin` has it, behind `$libdir/`. */
	readonly library: string;
}

/**
 * What comes with PostgreSQL and whose functions were reviewed by hand: those in C of well-known extensions, by library
 * and symbol, of all versions from 14 to 18. What isn't here is opaque: what reaches other servers, files or pages
 * (dblink, postgres_fdw, adminpack, pageinspect ...), triggers, and what sets something (`set_limit` of pg_trgm).
 *
 * The names of library and symbol say what a function does, whoever made it and whatever it is called: only a superuser
 * can make one in C.
 */
export const CONTRIB: readonly ReviewedLibrary[] = [
	{
		library: "tablefunc",
		effects: ["read"],
		opaque: "runs a statement that its arguments name",
		names: "crosstab crosstab_hash connectby_text connectby_text_serial",
	},
	// Other sessions' statements.
	{
		library: "pg_stat_statements",
		effects: ["read"],
		statistics: true,
		names: `
			pg_stat_statements pg_stat_statements_1_2 pg_stat_statements_1_3 pg_stat_statements_1_8
			pg_stat_statements_1_9 pg_stat_statements_1_10 pg_stat_statements_1_11 pg_stat_statements_1_12
			pg_stat_statements_info`,
	},
	{
		library: "_int",
		effects: [],
		names: `
			_int_contained _int_contained_joinsel _int_contained_sel _int_contains _int_contains_joinsel
			_int_contains_sel _int_different _int_inter _int_matchsel _int_overlap _int_overlap_joinsel
			_int_overlap_sel _int_same _int_union _intbig_in _intbig_out boolop bqarr_in bqarr_out
			g_int_compress g_int_consistent g_int_decompress g_int_options g_int_penalty g_int_picksplit
			g_int_same g_int_union g_intbig_compress g_intbig_consistent g_intbig_decompress
			g_intbig_options g_intbig_penalty g_intbig_picksplit g_intbig_same g_intbig_union
			ginint4_consistent ginint4_queryextract icount idx intarray_del_elem intarray_push_array
			intarray_push_elem intset intset_subtract intset_union_elem querytree rboolop sort sort_asc
			sort_desc subarray uniq`,
	},
	{
		library: "btree_gin",
		effects: [],
		names: `
			gin_btree_consistent gin_compare_prefix_anyenum gin_compare_prefix_bit gin_compare_prefix_bool
			gin_compare_prefix_bpchar gin_compare_prefix_bytea gin_compare_prefix_char
			gin_compare_prefix_cidr gin_compare_prefix_date gin_compare_prefix_float4
			gin_compare_prefix_float8 gin_compare_prefix_inet gin_compare_prefix_int2
			gin_compare_prefix_int4 gin_compare_prefix_int8 gin_compare_prefix_interval
			gin_compare_prefix_macaddr gin_compare_prefix_macaddr8 gin_compare_prefix_money
			gin_compare_prefix_name gin_compare_prefix_numeric gin_compare_prefix_oid
			gin_compare_prefix_text gin_compare_prefix_time gin_compare_prefix_timestamp
			gin_compare_prefix_timestamptz gin_compare_prefix_timetz gin_compare_prefix_uuid
			gin_compare_prefix_varbit gin_enum_cmp gin_extract_query_anyenum gin_extract_query_bit
			gin_extract_query_bool gin_extract_query_bpchar gin_extract_query_bytea gin_extract_query_char
			gin_extract_query_cidr gin_extract_query_date gin_extract_query_float4 gin_extract_query_float8
			gin_extract_query_inet gin_extract_query_int2 gin_extract_query_int4 gin_extract_query_int8
			gin_extract_query_interval gin_extract_query_macaddr gin_extract_query_macaddr8
			gin_extract_query_money gin_extract_query_name gin_extract_query_numeric gin_extract_query_oid
			gin_extract_query_text gin_extract_query_time gin_extract_query_timestamp
			gin_extract_query_timestamptz gin_extract_query_timetz gin_extract_query_uuid
			gin_extract_query_varbit gin_extract_value_anyenum gin_extract_value_bit gin_extract_value_bool
			gin_extract_value_bpchar gin_extract_value_bytea gin_extract_value_char gin_extract_value_cidr
			gin_extract_value_date gin_extract_value_float4 gin_extract_value_float8 gin_extract_value_inet
			gin_extract_value_int2 gin_extract_value_int4 gin_extract_value_int8 gin_extract_value_interval
			gin_extract_value_macaddr gin_extract_value_macaddr8 gin_extract_value_money
			gin_extract_value_name gin_extract_value_numeric gin_extract_value_oid gin_extract_value_text
			gin_extract_value_time gin_extract_value_timestamp gin_extract_value_timestamptz
			gin_extract_value_timetz gin_extract_value_uuid gin_extract_value_varbit gin_numeric_cmp`,
	},
	{
		library: "btree_gist",
		effects: [],
		names: `
			cash_dist date_dist float4_dist float8_dist gbt_bit_compress gbt_bit_consistent gbt_bit_penalty
			gbt_bit_picksplit gbt_bit_same gbt_bit_sortsupport gbt_bit_union gbt_bool_compress
			gbt_bool_consistent gbt_bool_fetch gbt_bool_penalty gbt_bool_picksplit gbt_bool_same
			gbt_bool_sortsupport gbt_bool_union gbt_bpchar_compress gbt_bpchar_consistent
			gbt_bpchar_sortsupport gbt_bytea_compress gbt_bytea_consistent gbt_bytea_penalty
			gbt_bytea_picksplit gbt_bytea_same gbt_bytea_sortsupport gbt_bytea_union gbt_cash_compress
			gbt_cash_consistent gbt_cash_distance gbt_cash_fetch gbt_cash_penalty gbt_cash_picksplit
			gbt_cash_same gbt_cash_sortsupport gbt_cash_union gbt_date_compress gbt_date_consistent
			gbt_date_distance gbt_date_fetch gbt_date_penalty gbt_date_picksplit gbt_date_same
			gbt_date_sortsupport gbt_date_union gbt_decompress gbt_enum_compress gbt_enum_consistent
			gbt_enum_fetch gbt_enum_penalty gbt_enum_picksplit gbt_enum_same gbt_enum_sortsupport
			gbt_enum_union gbt_float4_compress gbt_float4_consistent gbt_float4_distance gbt_float4_fetch
			gbt_float4_penalty gbt_float4_picksplit gbt_float4_same gbt_float4_sortsupport gbt_float4_union
			gbt_float8_compress gbt_float8_consistent gbt_float8_distance gbt_float8_fetch
			gbt_float8_penalty gbt_float8_picksplit gbt_float8_same gbt_float8_sortsupport gbt_float8_union
			gbt_inet_compress gbt_inet_consistent gbt_inet_penalty gbt_inet_picksplit gbt_inet_same
			gbt_inet_sortsupport gbt_inet_union gbt_int2_compress gbt_int2_consistent gbt_int2_distance
			gbt_int2_fetch gbt_int2_penalty gbt_int2_picksplit gbt_int2_same gbt_int2_sortsupport
			gbt_int2_union gbt_int4_compress gbt_int4_consistent gbt_int4_distance gbt_int4_fetch
			gbt_int4_penalty gbt_int4_picksplit gbt_int4_same gbt_int4_sortsupport gbt_int4_union
			gbt_int8_compress gbt_int8_consistent gbt_int8_distance gbt_int8_fetch gbt_int8_penalty
			gbt_int8_picksplit gbt_int8_same gbt_int8_sortsupport gbt_int8_union gbt_intv_compress
			gbt_intv_consistent gbt_intv_decompress gbt_intv_distance gbt_intv_fetch gbt_intv_penalty
			gbt_intv_picksplit gbt_intv_same gbt_intv_sortsupport gbt_intv_union gbt_macad8_compress
			gbt_macad8_consistent gbt_macad8_fetch gbt_macad8_penalty gbt_macad8_picksplit gbt_macad8_same
			gbt_macad8_sortsupport gbt_macad8_union gbt_macad_compress gbt_macad_consistent gbt_macad_fetch
			gbt_macad_penalty gbt_macad_picksplit gbt_macad_same gbt_macad_union gbt_macaddr_sortsupport
			gbt_numeric_compress gbt_numeric_consistent gbt_numeric_penalty gbt_numeric_picksplit
			gbt_numeric_same gbt_numeric_sortsupport gbt_numeric_union gbt_oid_compress gbt_oid_consistent
			gbt_oid_distance gbt_oid_fetch gbt_oid_penalty gbt_oid_picksplit gbt_oid_same
			gbt_oid_sortsupport gbt_oid_union gbt_text_compress gbt_text_consistent gbt_text_penalty
			gbt_text_picksplit gbt_text_same gbt_text_sortsupport gbt_text_union gbt_time_compress
			gbt_time_consistent gbt_time_distance gbt_time_fetch gbt_time_penalty gbt_time_picksplit
			gbt_time_same gbt_time_sortsupport gbt_time_union gbt_timetz_compress gbt_timetz_consistent
			gbt_ts_compress gbt_ts_consistent gbt_ts_distance gbt_ts_fetch gbt_ts_penalty gbt_ts_picksplit
			gbt_ts_same gbt_ts_sortsupport gbt_ts_union gbt_tstz_compress gbt_tstz_consistent
			gbt_tstz_distance gbt_uuid_compress gbt_uuid_consistent gbt_uuid_fetch gbt_uuid_penalty
			gbt_uuid_picksplit gbt_uuid_same gbt_uuid_sortsupport gbt_uuid_union gbt_var_decompress
			gbt_var_fetch gbt_varbit_sortsupport gbtreekey_in gbtreekey_out gist_translate_cmptype_btree
			int2_dist int4_dist int8_dist interval_dist oid_dist time_dist ts_dist tstz_dist`,
	},
	{
		library: "citext",
		effects: [],
		names: `
			citext_cmp citext_eq citext_ge citext_gt citext_hash citext_hash_extended citext_larger
			citext_le citext_lt citext_ne citext_pattern_cmp citext_pattern_ge citext_pattern_gt
			citext_pattern_le citext_pattern_lt citext_smaller`,
	},
	{
		library: "cube",
		effects: [],
		names: `
			cube_a_f8 cube_a_f8_f8 cube_c_f8 cube_c_f8_f8 cube_cmp cube_contained cube_contains cube_coord
			cube_coord_llur cube_dim cube_distance cube_enlarge cube_eq cube_f8 cube_f8_f8 cube_ge cube_gt
			cube_in cube_inter cube_is_point cube_le cube_ll_coord cube_lt cube_ne cube_out cube_overlap
			cube_recv cube_send cube_size cube_subset cube_union cube_ur_coord distance_chebyshev
			distance_taxicab g_cube_consistent g_cube_distance g_cube_penalty g_cube_picksplit g_cube_same
			g_cube_union`,
	},
	{
		library: "earthdistance",
		effects: [],
		names: `
			geo_distance`,
	},
	{
		library: "fuzzystrmatch",
		effects: [],
		names: `
			daitch_mokotoff difference dmetaphone dmetaphone_alt levenshtein levenshtein_less_equal
			levenshtein_less_equal_with_costs levenshtein_with_costs metaphone soundex`,
	},
	{
		library: "hstore",
		effects: [],
		names: `
			ghstore_compress ghstore_consistent ghstore_decompress ghstore_in ghstore_options ghstore_out
			ghstore_penalty ghstore_picksplit ghstore_same ghstore_union gin_consistent_hstore
			gin_extract_hstore gin_extract_hstore_query hstore_akeys hstore_avals hstore_cmp hstore_concat
			hstore_contained hstore_contains hstore_defined hstore_delete hstore_delete_array
			hstore_delete_hstore hstore_each hstore_eq hstore_exists hstore_exists_all hstore_exists_any
			hstore_fetchval hstore_from_array hstore_from_arrays hstore_from_record hstore_from_text
			hstore_ge hstore_gt hstore_hash hstore_hash_extended hstore_in hstore_le hstore_lt hstore_ne
			hstore_out hstore_populate_record hstore_recv hstore_send hstore_skeys hstore_slice_to_array
			hstore_slice_to_hstore hstore_subscript_handler hstore_svals hstore_to_array hstore_to_json
			hstore_to_json_loose hstore_to_jsonb hstore_to_jsonb_loose hstore_to_matrix hstore_version_diag`,
	},
	{
		library: "isn",
		effects: [],
		names: `
			ean13_in ean13_out is_valid isbn_cast_from_ean13 isbn_in ismn_cast_from_ean13 ismn_in isn_out
			issn_cast_from_ean13 issn_in make_valid upc_cast_from_ean13 upc_in`,
	},
	{
		library: "ltree",
		effects: [],
		names: `
			_lca _lt_q_regex _lt_q_rregex _ltq_extract_regex _ltq_regex _ltq_rregex _ltree_compress
			_ltree_consistent _ltree_extract_isparent _ltree_extract_risparent _ltree_gist_options
			_ltree_isparent _ltree_penalty _ltree_picksplit _ltree_r_isparent _ltree_r_risparent
			_ltree_risparent _ltree_same _ltree_union _ltxtq_exec _ltxtq_extract_exec _ltxtq_rexec
			hash_ltree hash_ltree_extended lca lquery_in lquery_out lquery_recv lquery_send lt_q_regex
			lt_q_rregex ltq_regex ltq_rregex ltree2text ltree_addltree ltree_addtext ltree_cmp
			ltree_compress ltree_consistent ltree_decompress ltree_eq ltree_ge ltree_gist_in
			ltree_gist_options ltree_gist_out ltree_gt ltree_in ltree_index ltree_isparent ltree_le
			ltree_lt ltree_ne ltree_out ltree_penalty ltree_picksplit ltree_recv ltree_risparent ltree_same
			ltree_send ltree_textadd ltree_union ltreeparentsel ltxtq_exec ltxtq_in ltxtq_out ltxtq_recv
			ltxtq_rexec ltxtq_send nlevel subltree subpath text2ltree`,
	},
	{
		library: "pg_trgm",
		effects: [],
		names: `
			gin_extract_query_trgm gin_extract_value_trgm gin_trgm_consistent gin_trgm_triconsistent
			gtrgm_compress gtrgm_consistent gtrgm_decompress gtrgm_distance gtrgm_in gtrgm_options
			gtrgm_out gtrgm_penalty gtrgm_picksplit gtrgm_same gtrgm_union show_limit show_trgm similarity
			similarity_dist similarity_op strict_word_similarity strict_word_similarity_commutator_op
			strict_word_similarity_dist_commutator_op strict_word_similarity_dist_op
			strict_word_similarity_op word_similarity word_similarity_commutator_op
			word_similarity_dist_commutator_op word_similarity_dist_op word_similarity_op`,
	},
	{
		library: "pgcrypto",
		effects: [],
		names: `
			pg_armor pg_check_fipsmode pg_crypt pg_dearmor pg_decrypt pg_decrypt_iv pg_digest pg_encrypt
			pg_encrypt_iv pg_gen_salt pg_gen_salt_rounds pg_hmac pg_random_bytes pg_random_uuid
			pgp_armor_headers pgp_key_id_w pgp_pub_decrypt_bytea pgp_pub_decrypt_text pgp_pub_encrypt_bytea
			pgp_pub_encrypt_text pgp_sym_decrypt_bytea pgp_sym_decrypt_text pgp_sym_encrypt_bytea
			pgp_sym_encrypt_text`,
	},
	{
		library: "seg",
		effects: [],
		names: `
			gseg_consistent gseg_penalty gseg_picksplit gseg_same gseg_union seg_center seg_cmp
			seg_contained seg_contains seg_different seg_ge seg_gt seg_in seg_inter seg_le seg_left
			seg_lower seg_lt seg_out seg_over_left seg_over_right seg_overlap seg_right seg_same seg_size
			seg_union seg_upper`,
	},
	{
		library: "sslinfo",
		effects: [],
		names: `
			ssl_cipher ssl_client_cert_present ssl_client_dn ssl_client_dn_field ssl_client_serial
			ssl_extension_info ssl_is_used ssl_issuer_dn ssl_issuer_field ssl_version`,
	},
	{
		library: "tablefunc",
		effects: [],
		names: `
			normal_rand`,
	},
	{
		library: "unaccent",
		effects: [],
		names: `
			unaccent_dict unaccent_init unaccent_lexize`,
	},
	{
		library: "uuid-ossp",
		effects: [],
		names: `
			uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil
			uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500`,
	},
];

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NAMES } from "../../../../../src/protocols/postgres/catalog/builtins-names.ts";
import { PURE, REVIEWED } from "../../../../../src/protocols/postgres/catalog/builtins-review.ts";
import { builtin } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { startPostgres } from "../../../../support/postgres.ts";

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
const MAJORS = [14, 15, 16, 17, 18];

for (const version of [15, 18] as const) {
	test(`every function of PostgreSQL ${version} is in the table, and none that changes anything passes for pure`, async () => {
		const server = await startPostgres({ version });
		const found = await server.query(
			`SELECT proname, bool_or(provolatile <> 'i') FROM pg_proc WHERE oid < 16384
			AND pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) GROUP BY proname`,
		);
		await server.stop();
		assert.ok(found.length > 2_500);
		assert.deepEqual(
			found.filter(([name]) => builtin(version, name ?? "") === undefined).map(([name]) => name),
			[],
		);
		const reviewed = new Set([...words(PURE), ...REVIEWED.flatMap(({ names }) => words(names))]);
		assert.deepEqual(
			found.filter(([name, changing]) => changing === "t" && !reviewed.has(name ?? "")).map(([name]) => name),
			[],
		);
	});
}

describe("the review", () => {
	const DANGEROUS =
		/file|^lo_|^lo(read|write)$|slot|terminate|cancel_backend|reload|rotate|promote|switch_wal|backup_st|restore_point|advisory|notify$|nextval|setval|set_config|_to_xml|ts_stat|ts_rewrite|sleep|replication_origin_(a|c|d|session_|xact_)|_reset|binary_upgrade|summarize|clean_pending|import_system|logical_|export_snapshot|pg_ls_|wal_replay_(pause|resume)|_handler$/;
	/** What a dangerous word is in by accident. */
	const HARMLESS =
		/^(pg_walfile_name(_offset)?|pg_split_walfile_name|(bt|hash|gist|gin|spg)handler|.*_handler_(in|out)|heap_tableam_handler|brinhandler|.*_subscript_handler|pg_relation_file(node|path)|pg_filenode_relation|pg_current_logfile|pg_get_replication_slots|pg_stat_get_replication_slot|pg_stat_get_db_conflict_logicalslot|pg_stat_get_bgwriter_stat_reset_time|pg_stat_get_checkpointer_stat_reset_time|pg_stat_get_db_stat_reset_time|pg_replication_origin_session_(is_setup|progress)|pg_notification_queue_usage|pg_backup_start_time|pg_get_wal_replay_pause_state|pg_is_wal_replay_paused|pg_stat_get_db_temp_files|pg_get_wal_summarizer_state)$/;

	test("none whose name says danger is pure", () => {
		for (const { majors, names } of NAMES) {
			for (const name of words(names)) {
				if (!DANGEROUS.test(name) || HARMLESS.test(name)) continue;
				const entry = builtin(majors[0] ?? 0, name);
				const acts = entry?.effects.some((effect) => effect !== "read") === true;
				assert.ok(acts || entry?.opaque != null, name);
			}
		}
	});

	test("names no function twice, and none that no server has", () => {
		const all = [...words(PURE), ...REVIEWED.flatMap(({ names }) => words(names))];
		assert.equal(new Set(all).size, all.length);
		const known = new Set(NAMES.flatMap(({ names }) => words(names)));
		assert.deepEqual(
			all.filter((name) => !known.has(name)),
			[],
		);
	});

	test("says what the contract says of those that everybody knows", () => {
		for (const [name, effects, opaque] of [
			["lower", [], false],
			["now", [], false],
			["count", [], false],
			["nextval", ["write"], false],
			["currval", ["read"], false],
			["set_config", ["execute"], false],
			["pg_advisory_lock", ["lock"], false],
			["pg_notify", ["execute"], false],
			["pg_terminate_backend", ["execute"], false],
			["pg_read_file", ["execute"], true],
			["pg_ls_dir", ["execute"], false],
			["lo_import", ["execute"], true],
			["lo_get", ["read"], true],
			["query_to_xml", ["read"], true],
			["table_to_xml", ["read"], true],
			["ts_stat", ["read"], true],
			["pg_logical_slot_peek_changes", ["execute"], true],
			["pg_stat_reset", ["maintenance"], false],
			["pg_sleep", ["execute"], false],
			["pg_get_viewdef", ["read"], false],
		] as const) {
			for (const major of MAJORS) {
				const entry = builtin(major, name);
				assert.deepEqual([entry?.effects, entry?.opaque != null], [effects, opaque], `${name} on ${major}`);
			}
		}
		assert.equal(builtin(18, "set_config")?.changesSettings, true);
		assert.equal(builtin(18, "pg_stat_get_activity")?.statistics, true);
		assert.equal(builtin(18, "pg_mcv_list_items")?.statistics, true);
	});

	test("knows which server has what, and nothing of others", () => {
		assert.ok(builtin(18, "uuidv7"));
		assert.equal(builtin(17, "uuidv7"), undefined);
		assert.ok(builtin(14, "pg_start_backup"));
		assert.equal(builtin(15, "pg_start_backup"), undefined);
		assert.equal(builtin(18, "no_such_function"), undefined);
		assert.equal(builtin(18, "constructor"), undefined);
		assert.equal(builtin(13, "lower"), undefined);
		assert.equal(builtin(19, "lower"), undefined);
	});
});

import type { Effect } from "../../../commands/index.ts";
import type { Kind } from "./tree.ts";

/** What a utility statement is called and what it does, when nothing more needs to be read from it. */
export interface UtilityKind {
	/** The policy's name; `*` stands for the object's type (`drop_*`). */
	readonly kind: string;
	readonly effects: readonly Effect[];
	/** Why it can't be judged from its text alone. */
	readonly opaque?: string;
	/** Whatever it does, it leaves every setting and name as it is. */
	readonly changesNothing?: boolean;
}

const SCHEMA: readonly Effect[] = ["schema"];
const PRIVILEGE: readonly Effect[] = ["privilege"];

/**
 * Statements that are described by this table alone, together with a walk over everything in them. The others have a
 * function of their own in `statement.ts`. A node that is in neither is opaque.
 */
export const UTILITIES: Readonly<Partial<Record<Kind, UtilityKind>>> = {
	AlterCollationStmt: { kind: "alter_collation", effects: SCHEMA },
	AlterDatabaseRefreshCollStmt: { kind: "alter_database", effects: SCHEMA },
	AlterDatabaseSetStmt: { kind: "alter_database_set", effects: PRIVILEGE },
	AlterDatabaseStmt: { kind: "alter_database", effects: ["privilege", "schema"] },
	AlterDefaultPrivilegesStmt: { kind: "alter_default_privileges", effects: PRIVILEGE },
	AlterDomainStmt: { kind: "alter_domain", effects: SCHEMA },
	AlterEnumStmt: { kind: "alter_type", effects: SCHEMA },
	AlterEventTrigStmt: { kind: "alter_event_trigger", effects: ["privilege", "schema", "execute"] },
	AlterExtensionContentsStmt: { kind: "alter_extension", effects: SCHEMA },
	AlterExtensionStmt: {
		kind: "alter_extension",
		effects: ["schema", "execute"],
		opaque: "an extension's script runs",
	},
	AlterFdwStmt: { kind: "alter_foreign_data_wrapper", effects: ["privilege", "schema", "execute"] },
	AlterForeignServerStmt: { kind: "alter_server", effects: ["schema", "execute"] },
	AlterFunctionStmt: { kind: "alter_*", effects: SCHEMA },
	AlterObjectDependsStmt: { kind: "alter_*_depends", effects: SCHEMA },
	AlterObjectSchemaStmt: { kind: "alter_*_schema", effects: SCHEMA },
	AlterOpFamilyStmt: { kind: "alter_operator_family", effects: SCHEMA },
	AlterOperatorStmt: { kind: "alter_operator", effects: SCHEMA },
	AlterOwnerStmt: { kind: "alter_*_owner", effects: ["privilege", "schema"] },
	AlterPolicyStmt: { kind: "alter_policy", effects: ["privilege", "schema"] },
	AlterPublicationStmt: { kind: "alter_publication", effects: ["schema", "execute"] },
	AlterRoleSetStmt: { kind: "alter_role_set", effects: PRIVILEGE },
	AlterRoleStmt: { kind: "alter_role", effects: PRIVILEGE },
	AlterSeqStmt: { kind: "alter_sequence", effects: SCHEMA },
	AlterStatsStmt: { kind: "alter_statistics", effects: SCHEMA },
	AlterSubscriptionStmt: { kind: "alter_subscription", effects: ["schema", "execute"] },
	AlterSystemStmt: { kind: "alter_system", effects: ["privilege", "execute"] },
	AlterTSConfigurationStmt: { kind: "alter_text_search_configuration", effects: SCHEMA },
	AlterTSDictionaryStmt: { kind: "alter_text_search_dictionary", effects: SCHEMA },
	AlterTableMoveAllStmt: { kind: "alter_*_tablespace", effects: SCHEMA },
	AlterTableSpaceOptionsStmt: { kind: "alter_tablespace", effects: SCHEMA },
	AlterTableStmt: { kind: "alter_*", effects: SCHEMA },
	AlterTypeStmt: { kind: "alter_type", effects: SCHEMA },
	AlterUserMappingStmt: { kind: "alter_user_mapping", effects: ["privilege", "schema"] },
	CheckPointStmt: { kind: "checkpoint", effects: ["maintenance"] },
	ClusterStmt: { kind: "cluster", effects: ["maintenance"] },
	CommentStmt: { kind: "comment", effects: SCHEMA },
	CompositeTypeStmt: { kind: "create_type", effects: SCHEMA },
	ConstraintsSetStmt: { kind: "set_constraints", effects: ["session", "transaction"] },
	CreateAmStmt: { kind: "create_access_method", effects: ["schema", "execute"] },
	CreateCastStmt: { kind: "create_cast", effects: SCHEMA },
	CreateConversionStmt: { kind: "create_conversion", effects: SCHEMA },
	CreateDomainStmt: { kind: "create_domain", effects: SCHEMA },
	CreateEnumStmt: { kind: "create_type", effects: SCHEMA },
	CreateEventTrigStmt: { kind: "create_event_trigger", effects: ["privilege", "schema", "execute"] },
	CreateExtensionStmt: {
		kind: "create_extension",
		effects: ["schema", "execute"],
		opaque: "an extension's script runs",
	},
	CreateFdwStmt: { kind: "create_foreign_data_wrapper", effects: ["schema", "execute"] },
	CreateForeignServerStmt: { kind: "create_server", effects: ["schema", "execute"] },
	CreateForeignTableStmt: { kind: "create_foreign_table", effects: ["schema", "execute"] },
	CreateFunctionStmt: { kind: "create_function", effects: SCHEMA },
	CreateOpClassStmt: { kind: "create_operator_class", effects: SCHEMA },
	CreateOpFamilyStmt: { kind: "create_operator_family", effects: SCHEMA },
	CreatePLangStmt: { kind: "create_language", effects: ["schema", "execute"] },
	CreatePolicyStmt: { kind: "create_policy", effects: ["privilege", "schema"] },
	CreatePublicationStmt: { kind: "create_publication", effects: ["schema", "execute"] },
	CreateRangeStmt: { kind: "create_type", effects: SCHEMA },
	CreateRoleStmt: { kind: "create_role", effects: PRIVILEGE },
	CreateSchemaStmt: { kind: "create_schema", effects: SCHEMA },
	CreateSeqStmt: { kind: "create_sequence", effects: SCHEMA },
	CreateStatsStmt: { kind: "create_statistics", effects: SCHEMA },
	CreateStmt: { kind: "create_table", effects: SCHEMA },
	CreateSubscriptionStmt: { kind: "create_subscription", effects: ["schema", "execute"] },
	CreateTableSpaceStmt: { kind: "create_tablespace", effects: ["schema", "execute"] },
	CreateTransformStmt: { kind: "create_transform", effects: SCHEMA },
	CreateTrigStmt: { kind: "create_trigger", effects: SCHEMA },
	CreateUserMappingStmt: { kind: "create_user_mapping", effects: ["privilege", "schema"] },
	CreatedbStmt: { kind: "create_database", effects: ["schema", "execute"] },
	DefineStmt: { kind: "create_*", effects: SCHEMA },
	DropOwnedStmt: { kind: "drop_owned", effects: ["privilege", "schema"] },
	DropRoleStmt: { kind: "drop_role", effects: PRIVILEGE },
	DropStmt: { kind: "drop_*", effects: SCHEMA },
	DropSubscriptionStmt: { kind: "drop_subscription", effects: ["schema", "execute"] },
	DropTableSpaceStmt: { kind: "drop_tablespace", effects: ["schema", "execute"] },
	DropUserMappingStmt: { kind: "drop_user_mapping", effects: ["privilege", "schema"] },
	DropdbStmt: { kind: "drop_database", effects: ["schema", "execute"] },
	GrantRoleStmt: { kind: "grant_role", effects: PRIVILEGE },
	GrantStmt: { kind: "grant", effects: PRIVILEGE },
	ImportForeignSchemaStmt: {
		kind: "import_foreign_schema",
		effects: ["schema", "execute"],
		opaque: "another server says which tables it makes",
	},
	IndexStmt: { kind: "create_index", effects: SCHEMA },
	ListenStmt: { kind: "listen", effects: ["session"] },
	LoadStmt: { kind: "load", effects: ["execute"], opaque: "a library's code runs" },
	LockStmt: { kind: "lock", effects: ["lock"] },
	NotifyStmt: { kind: "notify", effects: ["execute"], changesNothing: true },
	ReassignOwnedStmt: { kind: "reassign_owned", effects: ["privilege", "schema"] },
	ReindexStmt: { kind: "reindex", effects: ["maintenance"] },
	RenameStmt: { kind: "rename", effects: SCHEMA },
	RuleStmt: { kind: "create_rule", effects: SCHEMA },
	SecLabelStmt: { kind: "security_label", effects: ["privilege", "schema"] },
	UnlistenStmt: { kind: "unlisten", effects: ["session"] },
	VacuumStmt: { kind: "vacuum", effects: ["maintenance"] },
};

/** `OBJECT_MATVIEW` -> `materialized_view`: the names that stand for `*` above. */
export function objectName(type: string | undefined): string {
	const plain = (type ?? "").replace(/^OBJECT_/, "").toLowerCase();
	return OBJECT_NAMES[plain] ?? plain;
}

const OBJECT_NAMES: Readonly<Record<string, string>> = {
	matview: "materialized_view",
	fdw: "foreign_data_wrapper",
	foreign_server: "server",
	tsconfiguration: "text_search_configuration",
	tsdictionary: "text_search_dictionary",
	tsparser: "text_search_parser",
	tstemplate: "text_search_template",
	statistic_ext: "statistics",
	opclass: "operator_class",
	opfamily: "operator_family",
	tabconstraint: "constraint",
	domconstraint: "domain_constraint",
};

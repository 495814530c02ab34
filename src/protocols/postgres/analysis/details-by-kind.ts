import type { Node, RangeVar, RoleSpec, TypeName } from "libpg-query-18";
import { relationName, roleName } from "./details.ts";
import type { Env } from "./environment.ts";
import { as, type Body, items, type Kind, literalText, text, texts } from "./tree.ts";

type Details = Record<string, unknown>;
type Describe<K extends Kind> = (body: Body<K>, env: Env) => Details;

/**
 * What a policy may ask of each of these statements, over and above what `details.ts` takes from all of them. Values of
 * options that may be credentials (of servers, user mappings, roles, connections) are never among it: only names are.
 */
export const DETAILS: { readonly [K in Kind]?: Describe<K> } = {
	CreateSchemaStmt: (body) => ({
		name: body.schemaname ?? roleName(body.authrole),
		owner: body.authrole === undefined ? null : roleName(body.authrole),
	}),
	CreateStmt: (body, env) => ({
		unlogged: body.relation?.relpersistence === "u",
		partition_of: body.partbound === undefined ? null : (relationNames(body.inhRelations, env)[0] ?? null),
		inherits: body.partbound === undefined ? relationNames(body.inhRelations, env) : [],
		partitioned: body.partspec !== undefined,
	}),
	AlterTableStmt: (body) => {
		const commands = (body.cmds ?? []).flatMap((node) => as(node, "AlterTableCmd") ?? []);
		const options = commands.flatMap((command) =>
			/RelOptions$/.test(command.subtype ?? "") ? items(command.def) : [],
		);
		return {
			parts: [...new Set(commands.flatMap((command) => command.name ?? []))],
			...(options.length === 0 ? {} : { options: optionValues(options) }),
			...ownerOf(commands.map((command) => command.newowner)),
		};
	},
	CreateFunctionStmt: (body) => ({
		object: body.is_procedure === true ? "procedure" : "function",
		replace: body.replace === true,
		arguments: (body.parameters ?? []).map((node) => typeText(as(node, "FunctionParameter")?.argType)),
		returns: body.returnType === undefined ? null : typeText(body.returnType),
		...functionOptions(body.options),
	}),
	AlterFunctionStmt: (body) => ({
		name: texts(body.func?.objname).join("."),
		...functionOptions(body.actions),
	}),
	RuleStmt: (body) => ({
		event: (body.event ?? "").replace("CMD_", "").toLowerCase(),
		instead: body.instead === true,
		replace: body.replace === true,
		condition: body.whereClause !== undefined,
	}),
	CreateTrigStmt: (body) => ({
		timing: TIMINGS[body.timing ?? 0] ?? "after",
		events: Object.entries(TRIGGER_EVENTS).flatMap(([bit, event]) =>
			((body.events ?? 0) & Number(bit)) !== 0 ? event : [],
		),
		level: body.row === true ? "row" : "statement",
		columns: texts(body.columns),
		condition: body.whenClause !== undefined,
		constraint: body.isconstraint === true,
		replace: body.replace === true,
	}),
	CreateEventTrigStmt: (body) => ({
		tags: (body.whenclause ?? []).flatMap((node) => items(as(node, "DefElem")?.arg).map(text)),
	}),
	AlterEventTrigStmt: (body) => ({ name: body.trigname ?? "", enabled: body.tgenabled !== "D" }),
	CreateExtensionStmt: (body) => extensionOptions(body.options),
	AlterExtensionStmt: (body) => extensionOptions(body.options),
	AlterExtensionContentsStmt: (body) => ({ action: (body.action ?? 0) > 0 ? "add" : "drop" }),
	CreateCastStmt: (body) => ({
		source: typeText(body.sourcetype),
		target: typeText(body.targettype),
		function: body.func === undefined ? null : texts(body.func.objname).join("."),
		method: body.func !== undefined ? "function" : body.inout === true ? "inout" : "binary",
		context: (body.context ?? "").replace("COERCION_", "").toLowerCase(),
	}),
	DefineStmt: (body) => ({
		replace: body.replace === true,
		options: optionValues(body.definition),
		...(body.oldstyle === true ? { old_style: true } : {}),
	}),
	CreatePolicyStmt: (body) => ({
		command: body.cmd_name ?? "all",
		permissive: body.permissive === true,
		roles: (body.roles ?? []).map((node) => roleName(as(node, "RoleSpec"))),
		using: body.qual !== undefined,
		check: body.with_check !== undefined,
	}),
	AlterPolicyStmt: (body) => ({
		roles: (body.roles ?? []).map((node) => roleName(as(node, "RoleSpec"))),
		using: body.qual !== undefined,
		check: body.with_check !== undefined,
	}),
	CreatePublicationStmt: (body, env) => publication(body, env),
	AlterPublicationStmt: (body, env) => ({
		...publication(body, env),
		action: ({ AP_AddObjects: "add", AP_DropObjects: "drop", AP_SetObjects: "set" } as const)[
			body.action ?? "AP_AddObjects"
		],
	}),
	CreateSubscriptionStmt: (body) => ({
		publications: texts(body.publication),
		options: optionValues(body.options),
	}),
	AlterSubscriptionStmt: (body) => ({
		action: (body.kind ?? "").replace("ALTER_SUBSCRIPTION_", "").toLowerCase(),
		publications: texts(body.publication),
		options: optionValues(body.options),
	}),
	CreateForeignServerStmt: (body) => ({
		name: body.servername ?? "",
		foreign_data_wrapper: body.fdwname ?? "",
		type: body.servertype ?? null,
		version: body.version ?? null,
		options: optionNames(body.options),
	}),
	AlterForeignServerStmt: (body) => ({ name: body.servername ?? "", options: optionNames(body.options) }),
	CreateUserMappingStmt: (body) => ({ options: optionNames(body.options) }),
	AlterUserMappingStmt: (body) => ({ options: optionNames(body.options) }),
	CreateForeignTableStmt: (body) => ({ options: optionNames(body.options) }),
	CreateFdwStmt: (body) => ({ options: optionNames(body.options) }),
	AlterSystemStmt: (body) => ({ reset: (body.setstmt?.kind ?? "").startsWith("VAR_RESET") }),
	LockStmt: (body, env) => ({
		names: relationNames(body.relations, env),
		mode: LOCK_MODES[(body.mode ?? 1) - 1] ?? "",
		nowait: body.nowait === true,
	}),
	NotifyStmt: (body) => ({ payload: body.payload !== undefined }),
	VacuumStmt: (body, env) => ({
		names: (body.rels ?? []).flatMap((node) => {
			const relation = as(node, "VacuumRelation")?.relation;
			return relation === undefined ? [] : relationName(relation, env);
		}),
		options: optionValues(body.options),
	}),
	ReindexStmt: (body) => ({
		object: (body.kind ?? "").replace("REINDEX_OBJECT_", "").toLowerCase(),
		...(body.name === undefined ? {} : { name: body.name }),
	}),
	DropOwnedStmt: (body) => ({ roles: (body.roles ?? []).map((node) => roleName(as(node, "RoleSpec"))) }),
	ReassignOwnedStmt: (body) => ({
		roles: (body.roles ?? []).map((node) => roleName(as(node, "RoleSpec"))),
		role: roleName(body.newrole),
	}),
	DropRoleStmt: (body) => ({ roles: (body.roles ?? []).map((node) => roleName(as(node, "RoleSpec"))) }),
	CreateEnumStmt: (body) => ({ name: texts(body.typeName).join(".") }),
	AlterEnumStmt: (body) => ({ name: texts(body.typeName).join("."), value: body.newVal ?? null }),
	CreateRangeStmt: (body) => ({ name: texts(body.typeName).join("."), options: optionValues(body.params) }),
	CompositeTypeStmt: (body, env) => ({
		name: body.typevar === undefined ? "" : relationName(body.typevar, env),
	}),
	AlterOperatorStmt: (body) => ({
		name: texts(body.opername?.objname).join("."),
		options: optionValues(body.options),
	}),
	AlterTypeStmt: (body) => ({ name: texts(body.typeName).join("."), options: optionValues(body.options) }),
	AlterDomainStmt: (body) => ({
		name: texts(body.typeName).join("."),
		action: DOMAIN_ACTIONS[body.subtype ?? ""] ?? body.subtype,
	}),
	CreateTransformStmt: (body) => ({
		type: typeText(body.type_name),
		language: body.lang ?? "",
		replace: body.replace === true,
	}),
	ConstraintsSetStmt: (body, env) => ({
		names: relationNames(body.constraints, env),
		deferred: body.deferred === true,
	}),
	ImportForeignSchemaStmt: (body, env) => ({
		list: (body.list_type ?? "").replace("FDW_IMPORT_SCHEMA_", "").toLowerCase(),
		names: relationNames(body.table_list, env).map((name) => name.split(".").at(-1) ?? name),
		options: optionNames(body.options),
	}),
	SecLabelStmt: (body) => ({ provider: body.provider ?? null }),
};

function extensionOptions(options: readonly Node[] | undefined): Details {
	const { new_version, ...others } = optionValues(options);
	return new_version === undefined ? others : { ...others, version: new_version };
}

/** Bits of `timing` and `events` in CREATE TRIGGER: those of pg_trigger.h. */
const TIMINGS: Readonly<Record<number, string>> = { 0: "after", 2: "before", 64: "instead of" };
const TRIGGER_EVENTS: Readonly<Record<number, string>> = {
	4: "insert",
	8: "delete",
	16: "update",
	32: "truncate",
};

const LOCK_MODES = [
	"access share",
	"row share",
	"row exclusive",
	"share update exclusive",
	"share",
	"share row exclusive",
	"exclusive",
	"access exclusive",
] as const;

const DOMAIN_ACTIONS: Readonly<Record<string, string>> = {
	T: "default",
	N: "drop_not_null",
	O: "set_not_null",
	C: "add_constraint",
	X: "drop_constraint",
	V: "validate_constraint",
};

function publication(
	body: { pubobjects?: Node[]; tables?: Node[]; for_all_tables?: boolean; options?: Node[] },
	env: Env,
): Details {
	const objects = (body.pubobjects ?? []).flatMap((node) => as(node, "PublicationObjSpec") ?? []);
	const tables = objects.flatMap(({ pubtable }) => pubtable?.relation ?? []);
	return {
		all_tables: body.for_all_tables === true,
		tables: [...tables.map((range) => relationName(range, env)), ...relationNames(body.tables, env)],
		schemas: objects.flatMap(({ pubobjtype, name }) =>
			pubobjtype === "PUBLICATIONOBJ_TABLES_IN_SCHEMA"
				? (name ?? [])
				: pubobjtype?.endsWith("CUR_SCHEMA")
					? "CURRENT_SCHEMA"
					: [],
		),
		options: optionValues(body.options),
	};
}

/** What is said of a function besides its body: who it runs as, with which settings. */
function functionOptions(options: readonly Node[] | undefined): Details {
	const found: Details = {};
	const settings: Details[] = [];
	for (const node of options ?? []) {
		const option = as(node, "DefElem");
		const set = as(option?.arg, "VariableSetStmt");
		if (set !== undefined) settings.push({ name: set.name ?? "all", value: valuesOf(set.args) });
		else if (option?.defname === "security") found["security_definer"] = isTrue(option.arg);
		else if (option?.defname !== undefined && option.defname !== "as")
			found[option.defname] = literalText(option.arg);
	}
	return settings.length === 0 ? found : { ...found, settings };
}

const isTrue = (node: Node | undefined): boolean => ["1", "true"].includes(literalText(node) ?? "");

/** The values of SET as a text; null for RESET, DEFAULT and FROM CURRENT. */
export const valuesOf = (args: readonly Node[] | undefined): string | null =>
	args === undefined ? null : args.map(literalText).join(", ");

/** Options by their names, with what they are set to. */
function optionValues(nodes: readonly Node[] | undefined): Details {
	const found: Details = {};
	for (const node of nodes ?? []) {
		const option = as(node, "DefElem");
		const list = as(option?.arg, "List");
		if (option?.defname === undefined) continue;
		const name =
			option.defnamespace === undefined ? option.defname : `${option.defnamespace}.${option.defname}`;
		found[name] =
			option.arg === undefined
				? true
				: list === undefined
					? literalText(option.arg)
					: (list.items ?? []).map(text);
	}
	return found;
}

/** The names of options only: their values may be passwords. */
const optionNames = (nodes: readonly Node[] | undefined): string[] =>
	(nodes ?? []).flatMap((node) => as(node, "DefElem")?.defname ?? []);

function relationNames(nodes: readonly Node[] | undefined, env: Env): string[] {
	return (nodes ?? []).flatMap((node) => {
		const range: RangeVar | undefined = as(node, "RangeVar");
		return range === undefined ? [] : relationName(range, env);
	});
}

/** A type as it was written, without its length. */
function typeText(type: TypeName | undefined): string {
	const brackets = (type?.arrayBounds?.length ?? 0) > 0 ? "[]" : "";
	return `${type?.setof === true ? "setof " : ""}${texts(type?.names).join(".")}${brackets}`;
}

function ownerOf(roles: readonly (RoleSpec | undefined)[]): Details {
	const [owner] = roles.filter((role) => role !== undefined);
	return owner === undefined ? {} : { owner: roleName(owner) };
}

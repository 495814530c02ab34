import type { Node, RangeVar, RoleSpec } from "libpg-query-18";
import { DETAILS, valuesOf } from "./details-by-kind.ts";
import type { Env } from "./environment.ts";
import { shown } from "./failures.ts";
import { qualified } from "./findings.ts";
import { objectName } from "./kinds.ts";
import { lookUpRelation } from "./names.ts";
import { creationSchema } from "./statement.ts";
import { as, items, type Kind, text, texts } from "./tree.ts";

/** The plain fields of statements that a policy may ask for: field of the tree -> name in `details`. */
const FIELDS: Readonly<Record<string, string>> = {
	rolename: "role",
	role: "role",
	dbname: "database",
	database: "database",
	extname: "name",
	servername: "server",
	server_name: "server",
	subname: "name",
	pubname: "name",
	trigname: "name",
	eventname: "event",
	policy_name: "name",
	schemaname: "name",
	tablespacename: "name",
	fdwname: "name",
	plname: "name",
	amname: "access_method",
	idxname: "name",
	rulename: "name",
	newname: "new_name",
	newschema: "new_schema",
	conditionname: "channel",
	filename: "filename",
	remote_schema: "remote_schema",
	local_schema: "local_schema",
};

/** What a utility statement adds: the object that it makes, drops or changes, the role, options' names. */
export function utilityDetails(
	node: Kind,
	body: unknown,
	object: string,
	temporary: boolean,
	env: Env,
): Record<string, unknown> {
	const details: Record<string, unknown> = {};
	if (object !== "") details["object"] = object;
	const fields = body as Record<string, unknown>;
	for (const [field, name] of Object.entries(FIELDS)) {
		if (typeof fields[field] === "string") details[name] = fields[field];
	}
	for (const field of NAME_LISTS) {
		const list = fields[field];
		if (Array.isArray(list))
			details[details["name"] === undefined ? "name" : "function"] = texts(list).join(".");
	}
	const range = (fields["relation"] ??
		fields["table"] ??
		fields["sequence"] ??
		(fields["base"] as { relation?: unknown } | undefined)?.relation) as RangeVar | undefined;
	if (range?.relname !== undefined)
		details[details["name"] === undefined ? "name" : "relation"] = relationName(range, env);
	if (temporary) details["temporary"] = true;
	for (const field of ["missing_ok", "if_not_exists", "concurrent"])
		if (fields[field] === true) details[field] = true;
	if (fields["behavior"] === "DROP_CASCADE") details["cascade"] = true;
	if (Array.isArray(fields["cmds"])) details["actions"] = (fields["cmds"] as Node[]).flatMap(actionName);
	if (node === "DropStmt") details["names"] = ((fields["objects"] ?? []) as Node[]).map(objectText);
	if (node === "GrantStmt" || node === "GrantRoleStmt") grant(fields, details);
	if (node === "AlterRoleStmt" || node === "CreateRoleStmt")
		details["options"] = optionNames(fields["options"]);
	const set = fields["setstmt"] as { name?: string; args?: Node[] } | undefined;
	if (set !== undefined) {
		details["setting"] = set.name ?? "all";
		details["value"] = /conninfo|passw/i.test(set.name ?? "") ? null : valuesOf(set.args);
	}
	const role = (fields["role"] ?? fields["newowner"] ?? fields["user"]) as RoleSpec | undefined;
	if (typeof role === "object" && role !== null) details["role"] = roleName(role);
	if (node === "AlterDefaultPrivilegesStmt") defaultPrivileges(fields, details);
	const describe = DETAILS[node] as ((body: unknown, env: Env) => Record<string, unknown>) | undefined;
	return describe === undefined ? details : { ...details, ...describe(body, env) };
}

/** The grant within ALTER DEFAULT PRIVILEGES, and whose objects of which schemas it is for. */
function defaultPrivileges(fields: Record<string, unknown>, details: Record<string, unknown>): void {
	const action = (fields["action"] ?? {}) as Record<string, unknown>;
	grant(action, details);
	details["object"] = objectName(action["objtype"] as string | undefined);
	for (const node of (fields["options"] ?? []) as Node[]) {
		const option = as(node, "DefElem");
		const list = items(option?.arg);
		if (option?.defname === "schemas") details["schemas"] = list.map(text);
		if (option?.defname === "roles") details["roles"] = list.map((each) => roleName(as(each, "RoleSpec")));
	}
}

const NAME_LISTS = [
	"defnames",
	"domainname",
	"funcname",
	"opclassname",
	"opfamilyname",
	"conversion_name",
	"cfgname",
	"dictname",
	"collname",
];

/** `AT_DetachPartition` -> `detach_partition`: the parts of an ALTER. */
function actionName(node: Node): string[] {
	const action = as(node, "AlterTableCmd")?.subtype;
	if (action === undefined) return [];
	return [
		action
			.slice("AT_".length)
			.replace(/(?<=[a-z])(?=[A-Z])/g, "_")
			.toLowerCase(),
	];
}

/** A role's name, or `current_user`, `session_user`, `public` as it was written. */
export function roleName(role: RoleSpec | undefined): string {
	return role?.rolename ?? (role?.roletype ?? "").replace("ROLESPEC_", "").toLowerCase();
}

/** A relation's name with its schema: that in which it is found, or would be made. */
export function relationName(range: RangeVar, env: Env): string {
	const relation = lookUpRelation(range.schemaname, range.relname ?? "", env);
	if (relation !== undefined) return qualified(relation.schema, relation.name);
	return qualified(range.schemaname ?? creationSchema(env), range.relname ?? "");
}

/** An object as DROP names it: a name of several parts, a type, or a function with its arguments. */
function objectText(node: Node): string {
	const withArguments = as(node, "ObjectWithArgs");
	if (withArguments !== undefined) return texts(withArguments.objname).join(".");
	const range = as(node, "RangeVar");
	if (range !== undefined) return shown(range.schemaname, range.relname);
	const type = as(node, "TypeName");
	if (type !== undefined) return texts(type.names).join(".");
	const types = items(node).flatMap((part) => as(part, "TypeName") ?? []);
	if (types.length > 0) return types.map((part) => texts(part.names).join(".")).join(" as ");
	return items(node)
		.map((part) => text(part))
		.join(".");
}

function grant(fields: Record<string, unknown>, details: Record<string, unknown>): void {
	const privileges = ((fields["privileges"] ?? fields["granted_roles"] ?? []) as Node[]).map(
		(node) => as(node, "AccessPriv")?.priv_name ?? "all",
	);
	const grantees = ((fields["grantees"] ?? fields["grantee_roles"] ?? []) as Node[]).map((node) => {
		return roleName(as(node, "RoleSpec"));
	});
	const columns = ((fields["privileges"] ?? []) as Node[]).flatMap((node) =>
		texts(as(node, "AccessPriv")?.cols),
	);
	if (columns.length > 0) details["columns"] = [...new Set(columns)];
	if (fields["grant_option"] === true) details["grant_option"] = true;
	const objects = (fields["objects"] ?? []) as Node[];
	if (fields["targtype"] === "ACL_TARGET_ALL_IN_SCHEMA") details["schemas"] = objects.map(objectText);
	else if (objects.length > 0) details["names"] = objects.map(objectText);
	details["grant"] = fields["is_grant"] === true;
	details["privileges"] = privileges.length === 0 ? ["all"] : privileges;
	details["grantees"] = grantees;
}

/** The names of options only: a password's value is never shown. */
const optionNames = (options: unknown): string[] =>
	((options ?? []) as Node[]).flatMap((node) => as(node, "DefElem")?.defname ?? []);

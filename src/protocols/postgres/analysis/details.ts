import type { Node, RangeVar } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { shown } from "./failures.ts";
import { qualified } from "./findings.ts";
import { lookUpRelation } from "./names.ts";
import { creationSchema } from "./statement.ts";
import { as, items, type Kind, literalText, text, texts } from "./tree.ts";

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
		details[details["name"] === undefined ? "name" : "relation"] = rangeName(range, env);
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
		details["value"] = (set.args ?? []).map(literalText).join(", ");
	}
	const role = (fields["role"] ?? fields["newowner"] ?? fields["user"]) as
		| { rolename?: string; roletype?: string }
		| undefined;
	if (typeof role === "object" && role !== null) details["role"] = role.rolename ?? roleWord(role.roletype);
	return details;
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

const roleWord = (type: string | undefined): string => (type ?? "").replace("ROLESPEC_", "").toLowerCase();

function rangeName(range: RangeVar, env: Env): string {
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
	return items(node)
		.map((part) => text(part))
		.join(".");
}

function grant(fields: Record<string, unknown>, details: Record<string, unknown>): void {
	const privileges = ((fields["privileges"] ?? fields["granted_roles"] ?? []) as Node[]).map(
		(node) => as(node, "AccessPriv")?.priv_name ?? "all",
	);
	const grantees = ((fields["grantees"] ?? fields["grantee_roles"] ?? []) as Node[]).map((node) => {
		const role = as(node, "RoleSpec");
		return role?.rolename ?? roleWord(role?.roletype);
	});
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

import type { Node } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { items, text } from "./tree.ts";

interface Body {
	readonly renameType?: string;
	readonly removeType?: string;
	readonly objectType?: string;
	readonly targtype?: string;
	readonly subname?: string;
	readonly object?: Node;
	readonly objects?: readonly Node[];
}

/**
 * What is done to a schema is done to the relations in it: renamed, they answer to another name; dropped, they are
 * gone; granted all at once, each is.
 */
export function schemasChanged(body: unknown, access: string, env: Env): void {
	for (const schema of schemasOf(body as Body)) {
		for (const relation of env.context.catalog.userRelations()) {
			if (relation.schema === schema && !PARTS.has(relation.kind)) env.findings.relation(relation, access);
		}
	}
}

/** Kinds that belong to a relation or a type and have no name of their own in statements. */
const PARTS = new Set(["index", "composite_type", "toast"]);

function schemasOf(body: Body): readonly string[] {
	const { renameType, removeType, objectType, targtype, subname, object, objects = [] } = body;
	if (renameType === "OBJECT_SCHEMA") return subname === undefined ? [] : [subname];
	const named = (node: Node): string => items(node).map(text).at(-1) ?? text(node);
	if (removeType === "OBJECT_SCHEMA" || targtype === "ACL_TARGET_ALL_IN_SCHEMA") return objects.map(named);
	return objectType === "OBJECT_SCHEMA" && object !== undefined ? [named(object)] : [];
}

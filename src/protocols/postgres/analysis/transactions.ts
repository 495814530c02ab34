import type { TransactionStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import type { TransactionOperation } from "./model.ts";
import { type Result, tagOnly } from "./result.ts";
import { as, literalText } from "./tree.ts";

const OPERATIONS: Readonly<
	Record<string, { readonly kind: string; readonly operation: TransactionOperation }>
> = {
	TRANS_STMT_BEGIN: { kind: "begin", operation: "begin" },
	TRANS_STMT_START: { kind: "begin", operation: "begin" },
	TRANS_STMT_COMMIT: { kind: "commit", operation: "commit" },
	TRANS_STMT_ROLLBACK: { kind: "rollback", operation: "rollback" },
	TRANS_STMT_SAVEPOINT: { kind: "savepoint", operation: "savepoint" },
	TRANS_STMT_RELEASE: { kind: "release", operation: "release" },
	TRANS_STMT_ROLLBACK_TO: { kind: "rollback_to", operation: "rollback_to" },
	TRANS_STMT_PREPARE: { kind: "prepare_transaction", operation: "prepare" },
	TRANS_STMT_COMMIT_PREPARED: { kind: "commit_prepared", operation: "commit_prepared" },
	TRANS_STMT_ROLLBACK_PREPARED: { kind: "rollback_prepared", operation: "rollback_prepared" },
};

/** Operations at whose end settings made within a transaction are gone. */
const REVERTING = new Set<TransactionOperation>(["commit", "rollback", "rollback_to", "prepare"]);

export function transactionStatement(body: TransactionStmt, env: Env): Result {
	env.findings.effect("transaction");
	const known = OPERATIONS[body.kind ?? ""];
	if (known === undefined) {
		env.findings.opaque("the analysis does not know this transaction statement");
		return tagOnly("unknown");
	}
	const { kind, operation } = known;
	env.findings.change({ settings: REVERTING.has(operation), schema: operation === "commit_prepared" });
	const details: Record<string, unknown> = { operation };
	if (body.savepoint_name !== undefined) details["savepoint"] = body.savepoint_name;
	if (body.gid !== undefined) details["gid"] = body.gid;
	for (const node of body.options ?? []) {
		const option = as(node, "DefElem");
		if (option?.defname !== undefined)
			details[option.defname.replace("transaction_", "")] = literalText(option.arg);
	}
	return tagOnly(kind, details, { type: "transaction", operation, chain: body.chain === true });
}

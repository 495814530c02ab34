import { Command } from "commander";
import { productVersion } from "../lib/index.ts";
import { connectionsAdd, connectionsRm, login, logout } from "./commands/absent.ts";
import { approveOrDeny } from "./commands/approvals/answer.ts";
import { approvalsLs } from "./commands/approvals/ls.ts";
import { approvalsShow } from "./commands/approvals/show.ts";
import { auditExport } from "./commands/audit/export.ts";
import { auditSearch } from "./commands/audit/search.ts";
import { auditVerify } from "./commands/audit/verify.ts";
import { bundleBuild } from "./commands/bundle/build.ts";
import { bundleDiff } from "./commands/bundle/diff.ts";
import { bundleLs } from "./commands/bundle/ls.ts";
import { bundlePromote } from "./commands/bundle/promote.ts";
import { bundlePush } from "./commands/bundle/push.ts";
import { bundleRollback } from "./commands/bundle/rollback.ts";
import { bundleSign } from "./commands/bundle/sign.ts";
import { bundleStatus } from "./commands/bundle/status.ts";
import { bundleTrigger } from "./commands/bundle/trigger.ts";
import { bundleVerify } from "./commands/bundle/verify.ts";
import { complete, completion } from "./commands/completion.ts";
import { configCheck } from "./commands/config/check.ts";
import { configSchema } from "./commands/config/schema.ts";
import { connect } from "./commands/connect.ts";
import { connectionsLs } from "./commands/connections/ls.ts";
import { connectionsScan } from "./commands/connections/scan.ts";
import { connectionsTest } from "./commands/connections/test.ts";
import { demo } from "./commands/demo.ts";
import { lockAdd } from "./commands/lock/add.ts";
import { lockLs } from "./commands/lock/ls.ts";
import { lockRm } from "./commands/lock/rm.ts";
import { policyCoverage } from "./commands/policy/coverage.ts";
import { policyEval } from "./commands/policy/eval.ts";
import { policyExplain } from "./commands/policy/explain.ts";
import { policyImpact } from "./commands/policy/impact.ts";
import { policyInit } from "./commands/policy/init.ts";
import { policyLibrary } from "./commands/policy/library.ts";
import { policyShadow } from "./commands/policy/shadow/index.ts";
import { policyTest } from "./commands/policy/test.ts";
import { serve } from "./commands/serve.ts";
import { sessionsKill } from "./commands/sessions/kill.ts";
import { sessionsLs } from "./commands/sessions/ls.ts";
import { sessionsReplay } from "./commands/sessions/replay.ts";
import { sessionsShow } from "./commands/sessions/show.ts";
import { sessionsTail } from "./commands/sessions/tail.ts";
import { tokenCreate } from "./commands/token/create.ts";
import { tokenLs } from "./commands/token/ls.ts";
import { tokenRevoke } from "./commands/token/revoke.ts";
import { whoami } from "./commands/whoami.ts";
import type { AddCommand, Context } from "./context.ts";

/** The whole command line. Parsing throws `CommanderError` for wrong usage and for help that was asked for. */
export function createProgram(context: Context): Command {
	const program = new Command("sallyport")
		.description(
			"A gateway between agents and infrastructure: every command parsed, decided, masked, recorded.",
		)
		.version(productVersion(), "-V, --version")
		.exitOverride()
		.configureOutput({
			writeOut: (text) => context.terminal.raw(text),
			writeErr: (text) => context.terminal.rawNote(text),
		})
		.showHelpAfterError("(--help tells more)")
		.enablePositionalOptions();

	const group = (name: string, description: string, ...commands: AddCommand[]) => {
		const parent = program.command(name).description(description);
		for (const add of commands) add(parent, context);
	};

	demo(program, context);
	serve(program, context);
	group("config", "the configuration file", configCheck, configSchema);
	login(program, context);
	logout(program, context);
	whoami(program, context);
	group("token", "API tokens", tokenCreate, tokenLs, tokenRevoke);
	connect(program, context);
	group(
		"connections",
		"the upstreams",
		connectionsLs,
		connectionsTest,
		connectionsScan,
		connectionsAdd,
		connectionsRm,
	);
	group(
		"bundle",
		"policy bundles: build, sign, deliver",
		bundleBuild,
		bundleSign,
		bundleVerify,
		bundlePush,
		bundleLs,
		bundlePromote,
		bundleTrigger,
		bundleRollback,
		bundleDiff,
		bundleStatus,
	);
	group(
		"policy",
		"what the policy sees and says",
		policyInit,
		policyTest,
		policyEval,
		policyExplain,
		policyImpact,
		policyShadow,
		policyCoverage,
		policyLibrary,
	);
	group(
		"sessions",
		"who is connected, and what they did",
		sessionsLs,
		sessionsShow,
		sessionsReplay,
		sessionsTail,
		sessionsKill,
	);
	group("lock", "who is kept out at once", lockAdd, lockLs, lockRm);
	group("approvals", "commands that wait for a person", approvalsLs, approvalsShow, approveOrDeny);
	group("audit", "the record", auditVerify, auditSearch, auditExport);
	completion(program, context);
	complete(program, context);
	return program;
}

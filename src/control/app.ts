import { Guard } from "./guard.ts";
import { installFailures } from "./plugins/failures.ts";
import { installHeaders } from "./plugins/headers.ts";
import { installOpenApi } from "./plugins/openapi.ts";
import type { ControlPorts } from "./ports.ts";
import { describeApi } from "./routes/api/describe.ts";
import { answerApprovals } from "./routes/approvals/answer.ts";
import { listApprovals } from "./routes/approvals/list.ts";
import { approvalPage } from "./routes/approvals/page.ts";
import { showApproval } from "./routes/approvals/show.ts";
import { searchAudit } from "./routes/audit/search.ts";
import { diffBundles } from "./routes/bundles/diff.ts";
import { fetchBundle } from "./routes/bundles/fetch.ts";
import { listBundles } from "./routes/bundles/list.ts";
import { promoteBundle } from "./routes/bundles/promote.ts";
import { pushBundle } from "./routes/bundles/push.ts";
import { rollbackBundle } from "./routes/bundles/rollback.ts";
import { listConnections } from "./routes/connections/list.ts";
import { scanConnection } from "./routes/connections/scan.ts";
import { testConnection } from "./routes/connections/test.ts";
import { health } from "./routes/health/health.ts";
import { whoami } from "./routes/identity/whoami.ts";
import { addLock } from "./routes/locks/add.ts";
import { listLocks } from "./routes/locks/list.ts";
import { removeLock } from "./routes/locks/remove.ts";
import { metrics } from "./routes/metrics/read.ts";
import { coverPolicy } from "./routes/policy/coverage.ts";
import { showDecision } from "./routes/policy/decision.ts";
import { evaluatePolicy } from "./routes/policy/eval.ts";
import { explainPolicy } from "./routes/policy/explain.ts";
import { replayPolicy } from "./routes/policy/impact.ts";
import { shadowPolicy } from "./routes/policy/shadow.ts";
import { triggerPolicy } from "./routes/policy/trigger.ts";
import { killSession } from "./routes/sessions/kill.ts";
import { listSessions } from "./routes/sessions/list.ts";
import { replaySession } from "./routes/sessions/replay.ts";
import { showSession } from "./routes/sessions/show.ts";
import { reportStatus } from "./routes/status/report.ts";
import { createToken } from "./routes/tokens/create.ts";
import { listTokens } from "./routes/tokens/list.ts";
import { revokeToken } from "./routes/tokens/revoke.ts";
import { revealValue } from "./routes/values/reveal.ts";
import { type App, createServer, type ServerTls } from "./server.ts";

/** What every route is given. */
export interface Control {
	readonly guard: Guard;
	readonly ports: ControlPorts;
}

/** The control plane, ready to listen. What is registered after the guard stands behind it. */
export async function createApp(ports: ControlPorts, tls?: ServerTls): Promise<App> {
	const app = createServer(tls);
	const guard = new Guard(ports);
	const control: Control = { guard, ports };

	installFailures(app, ports.log);
	installHeaders(app);
	guard.install(app);
	await installOpenApi(app);

	health(app, control);
	metrics(app, control);
	describeApi(app);
	whoami(app, control);

	listSessions(app, control);
	showSession(app, control);
	replaySession(app, control);
	killSession(app, control);

	revealValue(app, control);

	searchAudit(app, control);

	listApprovals(app, control);
	showApproval(app, control);
	answerApprovals(app, control);
	approvalPage(app);

	listBundles(app, control);
	fetchBundle(app, control);
	pushBundle(app, control);
	promoteBundle(app, control);
	rollbackBundle(app, control);
	diffBundles(app, control);
	reportStatus(app, control);

	createToken(app, control);
	listTokens(app, control);
	revokeToken(app, control);

	addLock(app, control);
	listLocks(app, control);
	removeLock(app, control);

	evaluatePolicy(app, control);
	explainPolicy(app, control);
	showDecision(app, control);
	replayPolicy(app, control);
	coverPolicy(app, control);
	triggerPolicy(app, control);
	shadowPolicy(app, control);

	listConnections(app, control);
	testConnection(app, control);
	scanConnection(app, control);

	return app;
}

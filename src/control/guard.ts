import type { FastifyInstance, FastifyRequest } from "fastify";
import { timeContext } from "../commands/index.ts";
import type { Identity, Peer } from "../identity/index.ts";
import { describeThrown, isLoopback, newId } from "../lib/index.ts";
import type { AccessDecision, AdminInput, Evaluation } from "../policy/index.ts";
import type { AdminEvent } from "../recording/index.ts";
import type { Access, GuardedAccess, Resource } from "./access.ts";
import { ControlError } from "./errors.ts";
import type { ControlPorts } from "./ports.ts";

/** Who is asking. Only the guard makes one, after the token was checked. */
export interface Caller {
	readonly identity: Identity;
	readonly address: string;
}

type GuardPorts = Pick<ControlPorts, "authenticator" | "decideAdmin" | "locks" | "record" | "clock">;

/**
 * Stands in front of every route: authenticates the bearer token and asks `sallyport/admin/decision`, both before the
 * body is read (but where the body names what is acted on), and writes what is recorded into the record before
 * the operation runs. What it can't do ends the request.
 */
export class Guard {
	readonly #ports: GuardPorts;
	readonly #callers = new WeakMap<FastifyRequest, Caller>();
	readonly #events = new WeakMap<FastifyRequest, AdminEvent>();

	constructor(ports: GuardPorts) {
		this.#ports = ports;
	}

	/** Puts the guard in front of all routes that are registered afterwards. */
	install(app: FastifyInstance): void {
		app.addHook("onRoute", (route) => {
			if (route.config?.access === undefined)
				throw new Error(`the route ${route.url} does not say what it asks`);
		});
		app.addHook("onRequest", async (request) => {
			const access = accessOf(request);
			if (access === "public") return;
			await this.#authenticate(request);
			if (access.inBody === undefined) await this.#authorise(request, access);
		});
		app.addHook("preHandler", async (request) => {
			const access = accessOf(request);
			if (access !== "public" && access.inBody === true) await this.#authorise(request, access);
		});
		app.addHook("onResponse", async (request, reply) => {
			const event = this.#events.get(request);
			if (event === undefined) return;
			const outcome = reply.statusCode < 400 ? "done" : "failed";
			await this.#ports.record({ ...event, outcome });
		});
	}

	/** Who sent the request. Throws on a public route, which has no caller. */
	caller(request: FastifyRequest): Caller {
		const caller = this.#callers.get(request);
		if (caller === undefined) throw new ControlError("unauthenticated");
		return caller;
	}

	/**
	 * Authenticates and asks once more, for a request that was kept waiting. Throws as at its beginning; that it was
	 * let through has been recorded then.
	 */
	async again(request: FastifyRequest): Promise<void> {
		const access = accessOf(request);
		if (access === "public") return;
		await this.#authenticate(request);
		await this.#authorise(request, { ...access, recorded: false });
	}

	/** Whether the caller may do this as well: for lists, which show only what the caller may see one by one. */
	allows(request: FastifyRequest, action: GuardedAccess["action"], resource: Resource): boolean {
		return this.#decide(this.caller(request), action, resource).decision.action === "allow";
	}

	async #authenticate(request: FastifyRequest): Promise<void> {
		const match = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? "");
		if (match?.[1] === undefined) throw new ControlError("unauthenticated");
		const from = peerOf(request);
		const identity = await this.#ports.authenticator.authenticate(match[1], from);
		this.#callers.set(request, { identity, address: from.address });
	}

	async #authorise(request: FastifyRequest, access: GuardedAccess): Promise<void> {
		const caller = this.caller(request);
		const resource = await access.resource(request, caller.identity.principal);
		const event: AdminEvent = {
			type: "admin",
			session: null,
			principal: caller.identity.principal,
			action: access.action,
			resource: { type: resource.type, id: resource.id },
			client_address: caller.address,
			outcome: "denied",
			decision_id: newId(this.#ports.clock.now()),
			decision: null,
			message: null,
		};
		let evaluation: Evaluation<AccessDecision>;
		try {
			this.#ports.locks.assertOpen(caller.identity.principal, null);
			evaluation = this.#decide(caller, access.action, resource, event.decision_id ?? undefined);
		} catch (error) {
			await this.#ports.record({ ...event, message: describeThrown(error) });
			throw error;
		}
		const { decision, revision, cost } = evaluation;
		const decided: AdminEvent = {
			...event,
			outcome: decision.action === "allow" ? "allowed" : "denied",
			decision: { action: decision.action, revision, reasons: decision.reasons, cost },
		};
		if (access.recorded || decided.outcome === "denied") await this.#ports.record(decided);
		if (decided.outcome === "denied") throw refusal(decision);
		if (access.recorded) this.#events.set(request, decided);
	}

	#decide(
		caller: Caller,
		action: GuardedAccess["action"],
		resource: Resource,
		decisionId?: string,
	): Evaluation<AccessDecision> {
		const input: AdminInput = {
			principal: caller.identity.principal,
			action,
			resource,
			time: timeContext(this.#ports.clock.now()),
			client_address: caller.address,
		};
		return this.#ports.decideAdmin(JSON.stringify(input), decisionId);
	}
}

/** An unknown path answers 404 to everybody: it holds nothing. */
function accessOf(request: FastifyRequest): Access {
	if (request.is404) return "public";
	const { access } = request.routeOptions.config;
	if (access === undefined) throw new ControlError("internal");
	return access;
}

function peerOf(request: FastifyRequest): Peer {
	const address = request.socket.remoteAddress ?? "";
	return { address, loopback: isLoopback(address) };
}

function refusal(decision: AccessDecision): ControlError {
	const [reason] = decision.reasons;
	if (reason === undefined) return new ControlError("forbidden");
	const message = decision.reasons.map((each) => `${each.message} (rule ${each.rule})`).join("; ");
	return new ControlError("forbidden", `Denied by policy: ${message}.`, {
		...(reason.remedy === null ? {} : { remedy: reason.remedy }),
	});
}

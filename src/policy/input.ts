import {
	ConnectionContext,
	ForwardCommand,
	Grant,
	KubernetesCommand,
	SessionContext,
	SftpCommand,
	SqlCommandSchema,
	SshShellCommand,
	TimeContext,
} from "../commands/index.ts";
import { Principal } from "../identity/index.ts";
import { Closed, Nullable, type Static, Type } from "../lib/index.ts";

/** The input of `sallyport/command/decision`. */
export const CommandInput = Closed({
	principal: Principal,
	connection: ConnectionContext,
	session: SessionContext,
	time: TimeContext,
	approvals: Type.Array(Grant),
	command: SqlCommandSchema,
});

/**
 * The same as rules may rely on it: the commands of SSH and Kubernetes too, whose rules can be written and tried by
 * hand before the gateway speaks these protocols.
 */
export const AnyCommandInput = Closed({
	...CommandInput.properties,
	command: Type.Union([SqlCommandSchema, SshShellCommand, SftpCommand, ForwardCommand, KubernetesCommand]),
});

/** The input of `sallyport/admin/decision`: may this principal do this in the control plane? */
export const AdminInput = Closed({
	principal: Principal,
	action: Type.String(),
	resource: Closed({
		type: Type.String(),
		id: Type.String(),
		/** `issuer|subject` of whoever the resource belongs to; null when to nobody. */
		owner: Nullable(Type.String()),
		connection: Nullable(Type.String()),
		labels: Type.Record(Type.String(), Type.String()),
	}),
	time: TimeContext,
	client_address: Type.String(),
});
export type AdminInput = Static<typeof AdminInput>;

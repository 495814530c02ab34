import { ApprovalRequirement, Approver } from "../commands/index.ts";
import { Delegator, PrincipalKind } from "../identity/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../lib/index.ts";
import type { ShownParameter } from "./binding.ts";
import { display } from "./display.ts";
import { APPROVAL_STATES, type ApprovalRecord, VERDICTS } from "./record.ts";

const Text = Type.String();
const Texts = Type.Array(Type.String());

/** A request for an approval as the API, the console and the webhooks show it. Times are RFC 3339. */
export const ApprovalView = Closed({
	id: Text,
	url: Text,
	state: StringEnum(APPROVAL_STATES),
	/** True once a grant for one command was used. */
	spent: Type.Boolean(),
	requirement: ApprovalRequirement,
	/** How many approvals are still wanted. */
	missing: Type.Integer(),
	principal: Closed({
		subject: Text,
		kind: PrincipalKind,
		provider: Text,
		issuer: Text,
		email: Nullable(Text),
		groups: Texts,
		on_behalf_of: Nullable(Delegator),
	}),
	session: Text,
	connection: Text,
	command: Text,
	binding: Text,
	/** The command byte for byte, for programs. People are to be shown `display`. */
	shown: Closed({
		text: Text,
		/** Texts that it runs and that stand elsewhere: a prepared statement's, a cursor's. */
		runs: Texts,
		parameters: Type.Array(
			Closed({
				type: Text,
				value: Nullable(Text),
				null: Type.Boolean(),
				bytes: Type.Integer(),
				sha256: Nullable(Text),
			}),
		),
		role: Text,
		effects: Texts,
		relations: Type.Array(Closed({ name: Text, access: Texts })),
		reason: Text,
	}),
	/** The same with all that is invisible made visible, never cut, and remarks on what to look out for. */
	display: Closed({
		text: Text,
		runs: Texts,
		remarks: Texts,
		parameters: Texts,
		role: Text,
		relations: Texts,
		reason: Text,
	}),
	requested_at: Text,
	expires_at: Text,
	settled_at: Nullable(Text),
	answers: Type.Array(
		Closed({ verdict: StringEnum(VERDICTS), by: Approver, reason: Nullable(Text), at: Text }),
	),
});
export type ApprovalView = Static<typeof ApprovalView>;

/** `url` is where a person answers the request. */
export function viewOf(record: ApprovalRecord, url: string): ApprovalView {
	const { requirement, principal, shown, answers } = record;
	const { subject, kind, provider, issuer, email, groups, on_behalf_of } = principal;
	const approvals = answers.filter(({ verdict }) => verdict === "approve").length;
	return {
		id: record.id,
		url,
		state: record.state,
		spent: record.spentAt !== null,
		requirement,
		missing: record.state === "pending" ? requirement.min - approvals : 0,
		principal: { subject, kind, provider, issuer, email, groups, on_behalf_of },
		session: record.session,
		connection: record.connection,
		command: record.command,
		binding: record.hash,
		shown: {
			text: shown.text,
			runs: [...shown.runs],
			parameters: shown.parameters.map(({ type, value, null: isNull, bytes, sha256 }) => ({
				type,
				value,
				null: isNull,
				bytes,
				sha256,
			})),
			role: shown.role,
			effects: [...shown.effects],
			relations: shown.relations.map(({ name, access }) => ({ name, access: [...access] })),
			reason: shown.reason,
		},
		display: displayOf(record),
		requested_at: rfc3339(record.requestedAt),
		expires_at: rfc3339(record.expiresAt),
		settled_at: record.settledAt === null ? null : rfc3339(record.settledAt),
		answers: answers.map(({ verdict, by, reason, at }) => ({
			verdict,
			by: { provider: by.provider, subject: by.subject, groups: by.groups },
			reason: reason === null ? null : display(reason).text,
			at: rfc3339(at),
		})),
	};
}

function displayOf({ shown }: ApprovalRecord): ApprovalView["display"] {
	const text = display(shown.text);
	const runs = shown.runs.map((each) => display(each));
	const parameters = shown.parameters.map((parameter) => display(parameterText(parameter)));
	const relations = shown.relations.map(({ name, access }) => display(`${name} (${access.join(", ")})`));
	const role = display(shown.role);
	const reason = display(shown.reason);
	return {
		text: text.text,
		runs: runs.map((each) => each.text),
		remarks: [
			...text.remarks.map((remark) => `The command: ${remark}`),
			...runs.flatMap(({ remarks }) => remarks.map((remark) => `What it runs: ${remark}`)),
			...parameters.flatMap(({ remarks }, at) => remarks.map((remark) => `Parameter ${at + 1}: ${remark}`)),
			...relations.flatMap(({ text: name, remarks }) =>
				remarks.map((remark) => `The relation ${name}: ${remark}`),
			),
			...role.remarks.map((remark) => `The role: ${remark}`),
			...reason.remarks.map((remark) => `The reason given: ${remark}`),
		],
		parameters: parameters.map((parameter) => parameter.text),
		role: role.text,
		relations: relations.map((relation) => relation.text),
		reason: reason.text,
	};
}

function parameterText({ type, value, null: isNull, bytes, sha256 }: ShownParameter): string {
	if (isNull) return `${type}: NULL`;
	if (value !== null) return `${type}: ${value}`;
	return `${type}: not shown, ${bytes} bytes${sha256 === null ? "" : `, SHA-256 ${sha256}`}`;
}

function rfc3339(time: number): string {
	return new Date(time).toISOString();
}

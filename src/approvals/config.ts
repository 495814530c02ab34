import { Closed, Duration, later, SecretValue, type Static, StringEnum, Type } from "../lib/index.ts";

const Webhook = Closed({
	type: Type.Unsafe<"webhook">({
		...StringEnum(["webhook"]),
		...later("slack"),
		description: "`webhook`: a POST with the request as JSON.",
	}),
	url: Type.String({
		pattern: "^https?://[^\\s]+$",
		description: "Where to; https unless it is on this machine.",
	}),
	secret: SecretValue("Signs the body: HMAC-SHA256 in the header `sallyport-signature`."),
});
export type WebhookConfig = Static<typeof Webhook>;

/** The section `approvals` of `sallyport.yaml`: just-in-time approval. */
export const ApprovalsConfig = Type.Object(
	{
		max_hold_in_transaction: Duration(
			"How long a command may be held for an approval inside a transaction that already has work on the target.",
			"30s",
		),
		notify: Type.Unsafe<WebhookConfig[]>({
			type: "array",
			items: Webhook,
			default: [],
			description: "Who is told of requests and answers.",
		}),
	},
	{ additionalProperties: false, default: {} },
);
export type ApprovalsConfig = Static<typeof ApprovalsConfig>;

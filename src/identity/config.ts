import { Closed, Duration, later, SecretValue, type Static, StringEnum, Type } from "../lib/index.ts";

const Kind = Type.Unsafe<"human" | "agent" | "service">({
	type: "string",
	enum: ["human", "agent", "service"],
	default: "agent",
	description: "What its principals are.",
});

const JwtProvider = Closed({
	name: Type.String({
		pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
		description: "The provider's name in policies, as in `group:NAME/GROUP`.",
	}),
	type: Type.Unsafe<"jwt">({
		...StringEnum(["jwt"]),
		...later("oidc", "saml"),
		description: "`jwt`: the caller presents a token that the issuer signed for this audience.",
	}),
	issuer: Type.String({ pattern: "^https?://[^\\s]+$", description: "The token's `iss`, exactly." }),
	audience: Type.String({ minLength: 1, description: "What the token's `aud` has to name." }),
	jwks_uri: Type.Optional(
		Type.String({
			pattern: "^https?://[^\\s]+$",
			description: "Where the issuer's keys are. Without it they are found by the issuer's OpenID discovery.",
		}),
	),
	kind: Kind,
	groups_claim: Type.String({
		minLength: 1,
		default: "groups",
		description: "The claim that lists the groups; a principal whose token doesn't have it has none.",
	}),
	approvers: Type.Boolean({
		default: false,
		description: "Whether the groups that this provider names count for approvals.",
	}),
});
export type JwtProviderConfig = Static<typeof JwtProvider>;

const StaticToken = Closed({
	token: SecretValue("The token that the client presents."),
	subject: Type.String({ minLength: 1, maxLength: 256, description: "Who presents it." }),
	kind: Kind,
	groups: Type.Unsafe<string[]>({
		type: "array",
		items: { type: "string", minLength: 1 },
		default: [],
		description: "Groups of the provider `static`.",
	}),
});
export type StaticTokenConfig = Static<typeof StaticToken>;

/** The section `identity` of `sallyport.yaml`: how a credential becomes a principal. */
export const IdentityConfig = Type.Object(
	{
		providers: Type.Unsafe<JwtProviderConfig[]>({
			type: "array",
			items: JwtProvider,
			default: [],
			description: "Issuers whose tokens are taken.",
		}),
		static_tokens: Type.Unsafe<StaticTokenConfig[]>({
			type: "array",
			items: StaticToken,
			default: [],
			description: "Tokens for development and tests; refused unless every listener is on loopback.",
		}),
		session_lifetime: Type.Unsafe<"credential" | number>({
			type: "string",
			pattern: "^(credential|\\d+(\\.\\d+)?(ms|s|m|h|d))$",
			"x-form": "duration-or-word",
			default: "credential",
			description:
				"When an open session ends: with its credential (`credential`), or this long after it began. " +
				"A revocation ends it at once whatever stands here.",
		}),
		session_grace: Duration(
			"How long a session whose time is over may finish its transaction before it is cut.",
			"30s",
		),
	},
	{ additionalProperties: false, default: {} },
);
export type IdentityConfig = Static<typeof IdentityConfig>;

import { byteSet } from "./bytes.ts";

/** A part of a token: this text, or a run of these bytes. */
type Part = string | { readonly set: Uint8Array; readonly least: number; readonly most: number };

export interface TokenRule {
	/** Whose it is. */
	readonly of: string;
	/** What it begins with; at least two characters, the first a letter. */
	readonly prefix: string;
	readonly parts: readonly Part[];
	/** What must stand somewhere in it. */
	readonly holds?: string;
}

const SETS = {
	w: byteSet("A-Za-z0-9"),
	W: byteSet("A-Z0-9"),
	l: byteSet("a-z0-9"),
	h: byteSet("A-Fa-f0-9"),
	d: byteSet("0-9"),
	u: byteSet("A-Za-z0-9_-"),
	b: byteSet("A-Za-z0-9+/"),
	z: byteSet("A-Za-z0-9_.=-"),
	q: byteSet("A-Z2-7"),
	e: byteSet("="),
} as const;

/**
 * One vendor's rules, a line each: the prefix, then parts: a set's letter with how many of it (`w36`, `u20-`, `h8-64`)
 * or `'text`; `~text` must stand somewhere within.
 */
function vendor(of: string, ...lines: readonly string[]): TokenRule[] {
	return lines.map((line) => {
		const [prefix = "", ...words] = line.split(" ");
		const holds = words.find((word) => word.startsWith("~"))?.slice(1);
		const parts = words.filter((word) => !word.startsWith("~")).map(partOf);
		return { of, prefix, parts, ...(holds === undefined ? {} : { holds }) };
	});
}

function partOf(word: string): Part {
	if (word.startsWith("'")) return word.slice(1);
	const set = SETS[word[0] as keyof typeof SETS];
	const [least = "", most] = word.slice(1).split("-");
	const upper = most === undefined ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most);
	return { set, least: Number(least), most: upper };
}

/** The forms that vendors publish, as the rules of secretlint and gitleaks have them too. */
export const TOKEN_RULES: readonly TokenRule[] = [
	...vendor("aws", "AKIA q16", "ASIA q16", "ABIA q16", "ACCA q16", "A3T W1 q16", "ABSK b109-269 e0-2"),
	...vendor("gcp", "AIza u35", "GOCSPX- u28", "ya29. u30-"),
	...vendor(
		"github",
		"ghp_ w36",
		"gho_ w36",
		"ghu_ w36",
		"ghs_ w36",
		"ghr_ w36-76",
		"github_pat_ w22 '_ w59",
	),
	...vendor(
		"gitlab",
		"glpat- u20-300",
		"gldt- u20-",
		"glrt- u20-",
		"glcbt- u20-",
		"glptt- h40",
		"glft- u20-",
		"glimt- u25-",
		"glsoat- u20-",
		"glagent- u50-",
		"gloas- h64",
		"GR1348941 u20",
	),
	...vendor(
		"slack",
		"xoxb- d10-13 '- d10-13 '- w16-",
		"xoxp- d10- '- d10- '- u20-",
		"xoxa- u20-",
		"xoxr- u20-",
	),
	...vendor(
		"slack",
		"xoxs- u20-",
		"xoxe- u20-",
		"xoxe.xoxp- u20-",
		"xoxe.xoxb- u20-",
		"xapp- d1 '- W1- '- d10- '- l32-",
	),
	...vendor(
		"stripe",
		"sk_live_ w10-128",
		"sk_test_ w10-128",
		"rk_live_ w10-128",
		"rk_test_ w10-128",
		"whsec_ b32- e0-2",
	),
	...vendor("npm", "npm_ w36"),
	...vendor("pypi", "pypi-AgEIcHlwaS5vcmc u50-", "pypi-AgENdGVzdC5weXBpLm9yZw u50-"),
	...vendor("anthropic", "sk-ant-api03- u80-", "sk-ant-admin01- u80-", "sk-ant-oat01- u80-"),
	...vendor("openai", "sk-proj- u40-", "sk-svcacct- u40-", "sk-admin- u40-", "sk- w40-64 ~T3BlbkFJ"),
	...vendor("openrouter", "sk-or-v1- h64"),
	...vendor("twilio", "SK h32"),
	...vendor("sendgrid", "SG. u22 '. u43"),
	...vendor("sendinblue", "xkeysib- h64 '- l16"),
	...vendor("mailgun", "key- h32"),
	...vendor("digitalocean", "dop_v1_ h64", "doo_v1_ h64", "dor_v1_ h64"),
	...vendor("shopify", "shpat_ h32", "shpca_ h32", "shppa_ h32", "shpss_ h32"),
	...vendor("square", "sq0atp- u22", "sq0csp- u43"),
	...vendor("heroku", "HRKU-AA u58"),
	...vendor("vault", "hvs. u24-", "hvb. u24-"),
	...vendor("databricks", "dapi h32"),
	...vendor("huggingface", "hf_ w34", "api_org_ w34"),
	...vendor("linear", "lin_api_ w40"),
	...vendor("notion", "ntn_ d11 w35", "secret_ w43"),
	...vendor("planetscale", "pscale_tkn_ z32-64", "pscale_pw_ z32-64", "pscale_oauth_ z32-64"),
	...vendor("postman", "PMAK- h24 '- h34"),
	...vendor("pulumi", "pul- h40"),
	...vendor("rubygems", "rubygems_ h48"),
	...vendor("sentry", "sntryu_ h64", "sntrys_eyJ z40-"),
	...vendor("grafana", "glsa_ w32 '_ h8", "glc_ b32-400 e0-3"),
	...vendor("newrelic", "NRAK- W27", "NRJS- h19", "NRII- u32"),
	...vendor("doppler", "dp.pt. l43"),
	...vendor("dynatrace", "dt0c01. W24 '. W64"),
	...vendor("easypost", "EZAK w54", "EZTK w54"),
	...vendor("flyio", "fo1_ u43", "fm2_ b100- e0-3"),
	...vendor("alibaba", "LTAI w20"),
	...vendor("age", "AGE-SECRET-KEY-1 W58"),
	...vendor("artifactory", "AKCp w69"),
	...vendor("atlassian", "ATATT3 z186"),
	...vendor("perplexity", "pplx- w48"),
	...vendor("groq", "gsk_ w52"),
	...vendor("xai", "xai- w80"),
	...vendor("replicate", "r8_ w37"),
	...vendor("docker", "dckr_pat_ u27", "dckr_oat_ u32"),
	...vendor("supabase", "sbp_ h40", "sb_secret_ u31-"),
	...vendor("tailscale", "tskey- l4-10 '- w10- '- w20-"),
	...vendor("prefect", "pnu_ w36"),
	...vendor("readme", "rdme_ l70"),
	...vendor("duffel", "duffel_live_ u43", "duffel_test_ u43"),
	...vendor("adobe", "p8e- l32"),
	...vendor("typeform", "tfp_ z59"),
	...vendor("airtable", "pat w14 '. h64"),
];

import { lastDecision } from "./decision.ts";
import { play, type Scene } from "./scene.ts";

/** What the third and the later columns of each query are: the person's e-mail address and card. */
interface Attempt {
	readonly way: string;
	readonly sql: string;
	/** The value itself is returned, so that the policy's partial mask applies; else it is derived: masked whole. */
	readonly direct: boolean;
}

const ATTEMPTS: readonly Attempt[] = [
	{ way: "by name", direct: true, sql: "SELECT name, email, card FROM customers WHERE id = 7" },
	{
		way: "through an alias",
		direct: true,
		sql: "SELECT c.name, c.email AS contact, c.card AS reference FROM customers AS c WHERE c.id = 7",
	},
	{
		way: "through an expression",
		direct: false,
		sql: "SELECT name, upper(email) AS contact, 'card ' || reverse(card) AS reference FROM customers WHERE id = 7",
	},
	{
		way: "through a CTE",
		direct: true,
		sql: "WITH people AS (SELECT id, name, email AS a, card AS b FROM customers) SELECT name, a, b FROM people WHERE id = 7",
	},
	{
		way: "through a view",
		direct: true,
		sql: "SELECT name, contact, payment_card FROM customer_directory WHERE id = 7",
	},
];

/** The same person's e-mail address and card, by five ways: none of them shows either. */
export async function masks(scene: Scene): Promise<void> {
	const { narrator, stage, agent } = scene;
	const [person] = await stage.database.direct("SELECT name, email, card FROM customers WHERE id = 7");
	const name = String(person?.["name"]);
	const secrets = [String(person?.["email"]), String(person?.["card"])];
	for (const { way, sql, direct } of ATTEMPTS) {
		const answer = await play(scene, sql);
		const [shownName, ...values] = (answer.ok ? answer.result.rows[0] : undefined) ?? [];
		const { action } = await lastDecision(stage.gateway.recordDirectory, agent.session, sql);
		const masked = values.map((value, at) => isMasked(value, secrets[at] ?? "", direct));
		narrator.check(
			action === "mask" && shownName === name && values.length === 2 && masked.every(Boolean),
			`${way}: ${direct ? "masked as the policy says" : "derived, so masked whole"}; the name is not`,
		);
	}
}

/** Partly masked values keep their length and their end; whole ones say nothing but that they are. */
function isMasked(value: string | null, secret: string, direct: boolean): boolean {
	if (value === null || value === secret) return false;
	if (!direct) return value === "[redacted]";
	const end = secret.includes("@") ? secret.slice(secret.lastIndexOf(".")) : secret.slice(-4);
	return value.includes("***") && value.endsWith(end);
}

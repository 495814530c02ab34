import { play, type Scene } from "./scene.ts";

const QUERY =
	"SELECT status, count(*) AS orders, sum(total) AS value FROM orders GROUP BY status ORDER BY status";

/** A read that the policy allows comes back as the database has it. */
export async function allowedRead(scene: Scene): Promise<void> {
	const answer = await play(scene, QUERY);
	const rows = answer.ok ? answer.result.rows : [];
	const real = (await scene.stage.database.direct(QUERY)).map((row) => Object.values(row));
	scene.narrator.check(
		rows.length > 0 && JSON.stringify(rows) === JSON.stringify(real),
		"allowed, and the rows are exactly those of the database",
	);
}

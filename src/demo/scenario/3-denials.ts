import { deniedBy, play, type Scene, truth } from "./scene.ts";

/** What must not run does not, however it is written, and the connection goes on. */
export async function denials(scene: Scene): Promise<void> {
	const { narrator } = scene;
	const before = await truth(scene, "SELECT count(*) FROM orders");

	const all = await play(scene, "DELETE FROM orders");
	narrator.check(
		deniedBy(all, "unbounded-write"),
		"DELETE without WHERE is denied, in PostgreSQL's own form",
	);

	const commented = await play(scene, "/* nightly report */ DROP /* nothing to see */ TABLE payments");
	narrator.check(deniedBy(commented, "no-schema-changes"), "DROP TABLE behind a comment is denied");

	const second = await play(scene, "SELECT 1; DROP TABLE payments");
	narrator.check(
		deniedBy(second, "no-schema-changes"),
		"DROP TABLE as the second statement is denied, and so is the first",
	);

	const alive = await play(scene, "SELECT count(*) AS orders FROM orders");
	narrator.check(
		alive.ok && Number(alive.result.rows[0]?.[0]) === before,
		"the same connection lives on, and every order is still there",
	);
	const payments = await truth(scene, "SELECT count(*) FROM payments");
	const reached = /DELETE FROM orders|DROP .*TABLE payments/.test(scene.stage.database.log());
	narrator.check(
		payments > 0 && !reached,
		"nothing of it reached the database: its own log does not know of it",
	);
}

import assert from "node:assert/strict";
import { tokioPostgresProgram } from "../../support/clients/tokio-postgres.ts";
import { run } from "../run.ts";
import { outcomesOf, type Work } from "./outcome.ts";

/** tokio-postgres: its steps have the scenarios' names. */
export const tokioPostgres: Work = async (road) => {
	const { code, stdout, stderr } = await run(await tokioPostgresProgram(), [`${road.url}?sslmode=disable`]);
	assert.equal(code, 0, stderr);
	return outcomesOf(stdout);
};

import assert from "node:assert/strict";
import { join } from "node:path";
import { pythonWithPsycopg } from "../../support/clients/python.ts";
import { run } from "../run.ts";
import { outcomesOf, type Work } from "./outcome.ts";

const PROGRAM = join(import.meta.dirname, "psycopg", "work.py");

/** psycopg 3: its steps are functions of the program. */
export const psycopg: Work = async (road) => {
	const { code, stdout, stderr } = await run(await pythonWithPsycopg(), [PROGRAM, road.url]);
	assert.equal(code, 0, stderr);
	return outcomesOf(stdout);
};

import assert from "node:assert/strict";
import { pgjdbcClassPath } from "../../support/clients/pgjdbc.ts";
import { run } from "../run.ts";
import type { Work } from "./outcome.ts";

/** pgjdbc: its steps have the scenarios' names. */
export const pgjdbc: Work = async ({ host, port, user, password, database }) => {
	const parameters = new URLSearchParams({ user, password, sslmode: "disable" });
	const url = `jdbc:postgresql://${host}:${port}/${database}?${parameters}`;
	const args = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", await pgjdbcClassPath(), "Work", url];
	const { code, stdout, stderr } = await run("java", args);
	assert.equal(code, 0, stderr);
	return new Map(
		stdout
			.trimEnd()
			.split("\n")
			.map((line) => line.split("\t", 2) as [string, string]),
	);
};

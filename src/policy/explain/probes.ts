import { asRecord, listIn, type Plain, statementsOf, textIn } from "./plain.ts";

/** A change to an input, in words that finish the sentence "it would go through ...". */
export interface Probe {
	readonly change: string;
	readonly apply: (input: Plain) => Plain;
}

const EVERYDAY = new Set(["read"]);
const KINDS = [
	["human", "for a person"],
	["agent", "for an agent"],
	["service", "for a service"],
] as const;

/** Everything of an input that is worth leaving out or changing by itself. */
export function probesFor(input: Plain): Probe[] {
	const command = asRecord(input["command"]);
	const statements = statementsOf(command);
	return [
		...boundedWrites(command),
		...statementProbes(statements),
		...effectProbes(statements),
		...relationProbes(statements),
		...columnProbes(statements),
		...functionProbes(statements),
		...whoProbes(input),
	];
}

function boundedWrites(command: Plain): Probe[] {
	const unbounded = listIn(command, "writes").map(asRecord).filter(isUnbounded);
	const relations = new Set(unbounded.map((write) => textIn(write, "relation")));
	return [...relations].map((relation) => ({
		change: `with a WHERE clause that names the rows of ${relation}`,
		apply: inCommand((before) => ({
			...before,
			writes: listIn(before, "writes")
				.map(asRecord)
				.map((write) =>
					textIn(write, "relation") === relation
						? { ...write, has_where: true, where_is_constant: false }
						: write,
				),
			statements: statementsOf(before).map((statement) => ({
				...statement,
				has_where: true,
				where_is_constant: false,
			})),
		})),
	}));
}

function isUnbounded(write: Plain): boolean {
	return write["has_where"] !== true || write["where_is_constant"] === true;
}

function statementProbes(statements: readonly Plain[]): Probe[] {
	if (statements.length < 2) return [];
	return statements.map((_, at) => ({
		change: `without statement ${at + 1} of it`,
		apply: inStatements((all) => all.filter((__, index) => index !== at)),
	}));
}

function effectProbes(statements: readonly Plain[]): Probe[] {
	const opaque = statements.some((statement) => statement["opaque"] === true);
	return [
		...valuesOf(statements, "effects")
			.filter((effect) => !EVERYDAY.has(effect) && effect !== "unknown")
			.map((effect) => ({
				change: `if it had no effect \`${effect}\``,
				apply: everywhere((statement) => ({ ...statement, effects: without(statement, "effects", effect) })),
			})),
		...(opaque
			? [
					{
						change: "if it were written so that all it does can be judged",
						apply: everywhere((statement) => ({
							...statement,
							opaque: false,
							opaque_reasons: [],
							effects: without(statement, "effects", "unknown"),
						})),
					},
				]
			: []),
	];
}

function relationProbes(statements: readonly Plain[]): Probe[] {
	return namesOf(statements, "relations", ({ schema, name }) => `${schema}.${name}`).map((relation) => ({
		change: `without ${relation}`,
		apply: (input) =>
			inCommand((command) => ({
				...command,
				writes: listIn(command, "writes").filter((write) => textIn(asRecord(write), "relation") !== relation),
			}))(
				everywhere((statement) => ({
					...statement,
					relations: listIn(statement, "relations").filter((each) => {
						const { schema, name } = asRecord(each);
						return `${schema}.${name}` !== relation;
					}),
					columns: listIn(statement, "columns").filter((each) => {
						const { schema, table } = asRecord(each);
						return `${schema}.${table}` !== relation;
					}),
				}))(input),
			),
	}));
}

function columnProbes(statements: readonly Plain[]): Probe[] {
	const nameOf = ({ schema, table, name }: Plain) => `${schema}.${table}.${name}`;
	return namesOf(statements, "columns", nameOf).map((column) => ({
		change: `without the column ${column}`,
		apply: everywhere((statement) => ({
			...statement,
			columns: listIn(statement, "columns").filter((each) => nameOf(asRecord(each)) !== column),
		})),
	}));
}

function functionProbes(statements: readonly Plain[]): Probe[] {
	return namesOf(statements, "functions", ({ name }) => String(name)).map((called) => ({
		change: `without calling ${called}`,
		apply: everywhere((statement) => ({
			...statement,
			functions: listIn(statement, "functions").filter((each) => asRecord(each)["name"] !== called),
		})),
	}));
}

function whoProbes(input: Plain): Probe[] {
	const principal = asRecord(input["principal"]);
	const session = asRecord(input["session"]);
	return [
		...KINDS.filter(([kind]) => kind !== principal["kind"]).map(([kind, change]) => ({
			change,
			apply: (before: Plain) => ({ ...before, principal: { ...asRecord(before["principal"]), kind } }),
		})),
		...(textIn(session, "reason") === ""
			? [
					{
						change: "with a reason stated for the session, such as INC-1",
						apply: (before: Plain) => ({
							...before,
							session: { ...asRecord(before["session"]), reason: "INC-1" },
						}),
					},
				]
			: []),
	];
}

const inCommand =
	(change: (command: Plain) => Plain) =>
	(input: Plain): Plain => ({ ...input, command: change(asRecord(input["command"])) });

const inStatements = (change: (statements: readonly Plain[]) => readonly Plain[]) =>
	inCommand((command) => ({ ...command, statements: change(statementsOf(command)) }));

/** In each statement, the nested ones included. */
function everywhere(change: (statement: Plain) => Plain): (input: Plain) => Plain {
	const deep = (statement: Plain): Plain =>
		change({ ...statement, nested: listIn(statement, "nested").map((inner) => deep(asRecord(inner))) });
	return inStatements((statements) => statements.map(deep));
}

function valuesOf(statements: readonly Plain[], key: string): string[] {
	return [...new Set(statements.flatMap((statement) => listIn(statement, key).map(String)))];
}

function namesOf(statements: readonly Plain[], key: string, name: (each: Plain) => string): string[] {
	return [
		...new Set(statements.flatMap((statement) => listIn(statement, key).map((each) => name(asRecord(each))))),
	];
}

function without(statement: Plain, key: string, value: string): unknown[] {
	return listIn(statement, key).filter((each) => each !== value);
}

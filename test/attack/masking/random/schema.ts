/** A query's columns as whoever writes the query knows them. */
export interface Column {
	readonly sql: string;
	readonly type: "int" | "text" | "bool" | "other";
	/** Made from a secret: where it decides about rows, the query has to be denied. */
	readonly secret: boolean;
}

/** What stands in FROM, or a query; its columns. */
export interface Source {
	readonly from: string;
	readonly columns: readonly Column[];
}

export const int = (sql: string, secret = false): Column => ({ sql, type: "int", secret });
export const text = (sql: string, secret = false): Column => ({ sql, type: "text", secret });
export const bool = (sql: string, secret = false): Column => ({ sql, type: "bool", secret });
export const other = (sql: string, secret = false): Column => ({ sql, type: "other", secret });

interface Relation extends Source {
	/** What kind it is, where it is no plain table. */
	readonly kind?: "view" | "materialised view" | "inheritance" | "partition" | "table function" | "values";
}

const CUSTOMER: readonly Column[] = [
	...[int("id"), text("name"), text("email", true), other("ssn", true), other("born", true)],
	...[other("pay", true), other("doc", true), other("tags", true), other("home", true)],
	...[bool("flag", true), other("rank", true), text("shout", true), other("key", true), other("raw", true)],
];

/** What `world.sql` has to be read from. */
export const RELATIONS: readonly Relation[] = [
	{ from: "customers", columns: CUSTOMER },
	{ from: "public.customers", columns: CUSTOMER },
	{ from: "orders", columns: [int("id"), int("customer_id"), other("amount"), text("note")] },
	{ from: "shelf", columns: [int("id"), text("label"), other("number"), other("doc")] },
	{ from: "letters", columns: [int("id"), text("recipient", true)] },
	{ from: "tenants", columns: [int("id"), text("owner"), text("secret", true)] },
	{ from: "people", kind: "inheritance", columns: [int("id"), text("email", true)] },
	{ from: "ONLY people", kind: "inheritance", columns: [int("id"), text("email", true)] },
	{ from: "members", kind: "inheritance", columns: [int("id"), text("email", true), int("level")] },
	{ from: "events", kind: "partition", columns: [int("id"), text("email", true), other("at")] },
	{ from: "events_2024", kind: "partition", columns: [int("id"), text("email", true)] },
	{
		from: "contacts",
		kind: "view",
		columns: [int("id"), text("name"), text("address", true), text("lowered", true), other("home", true)],
	},
	{
		from: "contacts_again",
		kind: "view",
		columns: [int("order_id"), text("address", true), other("whole", true)],
	},
	{ from: "barrier", kind: "view", columns: [int("id"), text("email", true)] },
	{
		from: "mailing_view",
		kind: "materialised view",
		columns: [int("id"), text("email", true), text("start", true)],
	},
	{
		from: "mailing",
		kind: "materialised view",
		columns: [int("id"), text("email", true), text("start", true)],
	},
	{ from: "directory()", kind: "table function", columns: [text("who"), text("mail", true)] },
	{
		from: "whole(2)",
		kind: "table function",
		columns: [int("id"), text("email", true), text("shout", true)],
	},
	{ from: "(VALUES (1, 'a'), (2, 'b'))", kind: "values", columns: [int("column1"), text("column2")] },
];

/** What stands in the FROM of a relation named so, lateral to it, and the columns that it has. */
export const LATERAL_FUNCTIONS: readonly {
	readonly of: string;
	readonly call: (alias: string) => string;
	readonly columns: readonly Column[];
}[] = [
	{
		of: "tags",
		call: (alias) => `unnest(${alias}.tags) WITH ORDINALITY # (v, n)`,
		columns: [text("v", true)],
	},
	{
		of: "doc",
		call: (alias) => `jsonb_each_text(${alias}.doc) # (key, value)`,
		columns: [text("value", true)],
	},
	{
		of: "ssn",
		call: (alias) => `ROWS FROM (generate_series(1, 2), unnest(ARRAY[${alias}.ssn])) # (n, v)`,
		columns: [int("n"), other("v", true)],
	},
	{ of: "id", call: () => "generate_series(1, 2) # (n)", columns: [int("n")] },
];

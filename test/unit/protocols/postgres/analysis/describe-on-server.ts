import type pg from "pg";

/** What a real server says to Parse and Describe of a statement. */
export interface ServerAnswer {
	readonly error: {
		readonly code: string;
		readonly message: string;
		readonly position: number | null;
	} | null;
	/** The columns of RowDescription; null when no rows come back. */
	readonly columns:
		| readonly { readonly name: string; readonly table: number; readonly column: number }[]
		| null;
}

interface RowDescription {
	fields: { name: string; tableID: number; columnID: number }[];
}

interface Connection {
	parse(query: { text: string; name: string; types: number[] }): void;
	describe(target: { type: "S"; name: string }): void;
	sync(): void;
}

/** Sends Parse, Describe and Sync, so that nothing runs. */
export function describeOnServer(client: pg.Client, text: string): Promise<ServerAnswer> {
	return new Promise((resolve) => {
		let columns: ServerAnswer["columns"] = null;
		const query = {
			submit(connection: Connection) {
				connection.parse({ text, name: "", types: [] });
				connection.describe({ type: "S", name: "" });
				connection.sync();
			},
			handleRowDescription(message: RowDescription) {
				columns = message.fields.map((field) => ({
					name: field.name,
					table: field.tableID,
					column: (field.columnID << 16) >> 16,
				}));
			},
			handleError(message: Error & { code: string; position?: string }) {
				const position = message.position === undefined ? null : Number(message.position);
				resolve({ error: { code: message.code, message: message.message, position }, columns: null });
			},
			handleReadyForQuery() {
				resolve({ error: null, columns });
			},
		};
		client.query(query as unknown as pg.Submittable);
	});
}

import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const MASKING_ERRORS = {
	mask_column_name_invalid: {
		cause: "a mask names a column in a form that can't be read",
		remedy:
			"write it as schema.table.column, parts that hold a dot or a quote in double quotes, * for all columns",
	},
	mask_column_missing: {
		cause: "a mask names a column that its table does not have",
		remedy: "correct the policy: until then statements on that table are denied",
	},
	mask_key_unusable: {
		cause: "the key of digests and tokens can't be read or made",
		remedy:
			"see that data_dir/keys/mask.key belongs to the gateway's user, who alone may read it, and is whole",
	},
	mask_detector_unknown: {
		cause: "a mask asks for a detector that there is none of",
		remedy:
			"name shipped kinds, * for all, or what data.sallyport.packs.pii.expressions has; until then what such a mask covers is denied",
	},
} as const satisfies ErrorTable;

/** A mask that can't be planned: the caller denies. */
export class MaskingError extends SallyportError<keyof typeof MASKING_ERRORS> {
	constructor(code: keyof typeof MASKING_ERRORS, message?: string, options?: ErrorOptions) {
		super(code, MASKING_ERRORS, message, options);
	}
}

/** A mask names a column that its table does not have. */
export class MissingColumn extends MaskingError {
	readonly schema: string;
	readonly table: string;
	readonly column: string;

	constructor(schema: string, table: string, column: string) {
		super("mask_column_missing", `a mask names ${schema}.${table}.${column}, which is not there`);
		this.schema = schema;
		this.table = table;
		this.column = column;
	}
}

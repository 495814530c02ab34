import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const STORE_ERRORS = {
	store_unsupported: {
		cause: "This release stores in SQLite only.",
		remedy: "Set `store.url` to `sqlite:` (a file in the data directory) or `sqlite:PATH`.",
	},
	store_unreadable: {
		cause: "The store can't be opened.",
		remedy:
			"Check that its directory exists, that the gateway may write there, and that the disk is not full.",
	},
	store_unwritable: {
		cause: "The store can't be written.",
		remedy:
			"Make room on its disk, or end what keeps its file locked; the gateway goes on by itself, so try again then.",
	},
	store_too_new: {
		cause: "The store was written by a newer release.",
		remedy: "Run that release, or restore the store from before the upgrade.",
	},
} as const satisfies ErrorTable;

export type StoreErrorCode = keyof typeof STORE_ERRORS;

export class StoreError extends SallyportError<StoreErrorCode> {
	constructor(code: StoreErrorCode, message?: string, options?: ErrorOptions) {
		super(code, STORE_ERRORS, message, options);
	}
}

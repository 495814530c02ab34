import { type Detection, replaceFound } from "../../../masking/index.ts";
import type { ErrorFields } from "../codec/index.ts";

/** Fields that are texts: message, detail, hint, context and the query that an error is in. */
const TEXTS = new Set(["M", "D", "H", "W", "q"]);

/** The same error or notice with what detectors find in its texts replaced by marks. */
export function replaceInFields(fields: ErrorFields, { detectors }: Detection): ErrorFields {
	return new Map(
		[...fields].map(([key, text]) => [
			key,
			TEXTS.has(key) ? replaceFound(detectors, Buffer.from(text)).toString() : text,
		]),
	);
}

/** What a value is, whatever the protocol calls its type. Values come and go in a text form. */
export type ValueKind =
	| "text"
	/** Whole numbers of 2, 4 and 8 bytes. */
	| "smallint"
	| "integer"
	| "bigint"
	/** `-12.50`, any number of digits. */
	| "decimal"
	| "float"
	/** `t` and `f`. */
	| "boolean"
	/** ISO 8601: `2024-05-17`, `2024-05-17 12:30:00.5+02`, `12:30:00`. */
	| "date"
	| "timestamp"
	| "time"
	| "interval"
	| "uuid"
	/** IPv4 and IPv6, with or without the prefix's length. */
	| "address"
	/** Hexadecimal digits with colons. */
	| "hardware"
	| "json"
	/** `\x` and hexadecimal digits. */
	| "bytes"
	/** Whatever else: nothing but NULL is sure to be one. */
	| "other";

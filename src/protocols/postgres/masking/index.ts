export { type Cell, cellsOf, type MaskedField } from "./cells.ts";
export { RowCondenser } from "./condense.ts";
export { type CopyMasker, copyMasker } from "./copy/index.ts";
export { type CopyForm, copyForm } from "./copy/options.ts";
export { RowMasker } from "./rows.ts";
export { replaceInFields } from "./texts.ts";

export { CATALOG_ERRORS, CatalogError, type CatalogErrorCode } from "./errors.ts";
export type * from "./model.ts";
export { FIRST_USER_OID } from "./model.ts";
export type { CatalogQuery, ControlConnection } from "./query.ts";

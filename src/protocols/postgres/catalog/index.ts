export { type BuiltinFunction, builtin, contributed, isPure } from "./builtins.ts";
export { CATALOG_ERRORS, CatalogError, type CatalogErrorCode } from "./errors.ts";
export { CatalogKeeper, type CatalogKeeperOptions } from "./keeper.ts";
export { type LoadOptions, loadCatalog, loadServerCatalog, type ServerCatalog } from "./load.ts";
export type * from "./model.ts";
export { FIRST_USER_OID } from "./model.ts";
export type { CatalogQuery, ControlConnection } from "./query.ts";
export { effectivePath, parseSearchPath } from "./search-path.ts";

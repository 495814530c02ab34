export * from "./context.ts";
export * from "./sql.ts";
export * from "./lineage.ts";

export * from "./analysed.ts";
export * from "./context.ts";
export * from "./kubernetes.ts";
export * from "./lineage.ts";
export * from "./parameters.ts";
export * from "./sql.ts";
export * from "./ssh.ts";
export * from "./time.ts";

export * from "./decision.ts";
export * from "./input.ts";

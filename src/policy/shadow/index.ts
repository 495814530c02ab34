export { type LiveDecision, Shadow, type ShadowStatus } from "./shadow.ts";

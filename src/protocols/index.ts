export { type PostgresListenerConfig, postgres, tryConnection } from "./postgres/index.ts";
export type { Analyses, GateDoor, Listener, Protocol } from "./protocol.ts";

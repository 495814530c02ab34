import type { Protocol } from "../protocol.ts";
import { bindPostgres, type PostgresListenerConfig } from "./listener.ts";

export const postgres: Protocol<PostgresListenerConfig> = {
	name: "postgres",
	can: { prompt: false, hold: true, rewriteResults: true },
	bind: bindPostgres,
};

export { type ScanBounds, scanConnection } from "./scan.ts";
export { tryConnection } from "./try-connection.ts";
export type { PostgresListenerConfig };

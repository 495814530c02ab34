export {
	type PostgresListenerConfig,
	postgres,
	type ScanBounds,
	scanConnection,
	tryConnection,
} from "./postgres/index.ts";
export type { Analyses, GateDoor, Listener, Protocol } from "./protocol.ts";

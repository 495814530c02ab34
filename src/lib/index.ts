export { chain } from "./chain.ts";
export { type Clock, parseDuration, systemClock } from "./clock.ts";
export { DirectoryPath, Duration, FilePath, later, SecretValue } from "./config-schema.ts";
export {
	describeThrown,
	type ErrorEntry,
	type ErrorOptions,
	type ErrorTable,
	SallyportError,
} from "./errors.ts";
export { newId } from "./ids.ts";
export type { Log } from "./log.ts";
export { isLoopback, isTrustworthyUrl } from "./loopback.ts";
export { quoted } from "./quoted.ts";
export { Closed, Nullable, type Static, StringEnum, type TSchema, Type } from "./schema.ts";
export { Secret } from "./secret.ts";
export { Slices } from "./slices.ts";
export { together } from "./together.ts";
export { TurnEnd } from "./turn-end.ts";
export { productVersion } from "./version.ts";

export { STORE_ERRORS, StoreError, type StoreErrorCode } from "./errors.ts";
export { openStore, type Store } from "./store.ts";

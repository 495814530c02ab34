import type { Suite } from "../suite.ts";
import { regression } from "./regression/index.ts";

/** The table's rows, in this order. */
export const POSTGRES_SUITES: readonly Suite[] = [regression];

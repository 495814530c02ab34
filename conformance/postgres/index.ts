import type { Suite } from "../suite.ts";
import { asyncpg } from "./asyncpg/index.ts";
import { gigabytes } from "./gigabytes/index.ts";
import { majors } from "./majors/index.ts";
import { pgx } from "./pgx/index.ts";
import { regression } from "./regression/index.ts";

/** The table's rows, in this order. */
export const POSTGRES_SUITES: readonly Suite[] = [regression, majors, gigabytes, pgx, asyncpg];

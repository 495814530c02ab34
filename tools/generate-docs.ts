/** Writes the pages of `docs/` that are made of the sources' own declarations; tests hold the files to them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationSchema } from "../src/config/index.ts";
import { configurationPage } from "./docs/configuration-page.ts";
import { errorTables } from "./docs/error-tables.ts";
import { errorsPage } from "./docs/errors-page.ts";
import { postgresAnalysisPage } from "./docs/postgres-analysis-page.ts";

const docs = join(import.meta.dirname, "..", "docs");
writeFileSync(join(docs, "errors.md"), errorsPage(await errorTables()));
writeFileSync(join(docs, "configuration.md"), configurationPage(configurationSchema));
const analysis = join(docs, "postgres-analysis.md");
writeFileSync(analysis, postgresAnalysisPage(readFileSync(analysis, "utf8")));

import { join } from "node:path";

/** The compiled default policy. */
export const DEFAULT_BUNDLE = join(import.meta.dirname, "../../tools/prebuilt/default.tar.gz");

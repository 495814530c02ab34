/** `npm run build`: `dist/` from `src/`. */
import { ensureBuilt } from "../setup/build.mjs";

export const run = () => ensureBuilt();

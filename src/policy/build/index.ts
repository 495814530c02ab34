export { type BuildOptions, buildBundle } from "./build.ts";
export { BUILD_ERRORS, BuildError, type BuildErrorCode, type Problem } from "./errors.ts";
export { writeLibrary } from "./library.ts";
export { libraryDirectory } from "./package-root.ts";
export { buildOrPrebuilt } from "./prebuilt.ts";
export { type BuiltBundle, defaultSequence } from "./publish.ts";
export { republish } from "./republish.ts";
export { SIGNING_KEY_ALGORITHMS, type SigningKey, type SigningKeyAlgorithm } from "./sign.ts";
export { sourceRevision } from "./sources.ts";

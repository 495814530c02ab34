export { type BuildOptions, type BuiltBundle, buildBundle, defaultSequence } from "./build.ts";
export { BUILD_ERRORS, BuildError, type BuildErrorCode, type Problem } from "./errors.ts";
export { SIGNING_KEY_ALGORITHMS, type SigningKey, type SigningKeyAlgorithm } from "./sign.ts";

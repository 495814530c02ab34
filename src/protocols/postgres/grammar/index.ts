export { GRAMMAR_ERRORS, GrammarError, type GrammarErrorCode } from "./errors.ts";
export { Grammar } from "./grammar.ts";
export { type TokenSink, tokenize } from "./lexer.ts";
export {
	DEFAULT_LIMITS,
	type GrammarLimits,
	type Node,
	type ParsedSql,
	type ParseTree,
	type PlpgsqlTree,
	type RawStmt,
} from "./model.ts";
export { namesBeyondAscii } from "./names-beyond-ascii.ts";
export { characterPosition, sliceBytes } from "./offsets.ts";

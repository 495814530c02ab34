export { analyse, flattenWrites } from "./analyse.ts";
export { objectName, UTILITIES, type UtilityKind } from "./kinds.ts";
export type {
	AnalysedStatement,
	Changes,
	Control,
	ResolutionError,
	Scope,
	TransactionOperation,
} from "./model.ts";
export { changesMeaning } from "./settings.ts";

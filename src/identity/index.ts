export { Delegator, Principal, PrincipalKind } from "./principal.ts";

export { type OauthOffer, refuseBearer } from "./bearer.ts";
export { STARTUP_ERRORS, StartupError, type StartupErrorCode } from "./errors.ts";
export { type Negotiated, type NegotiateOptions, type Negotiation, negotiate } from "./negotiate.ts";
export { type Refusal, refuse } from "./refuse.ts";

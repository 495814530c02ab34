export { LISTENING_ERRORS, ListeningError, type ListeningErrorCode } from "./errors.ts";
export { LocalSocket, type LocalSocketOptions } from "./local-socket.ts";

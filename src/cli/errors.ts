import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const CLI_ERRORS = {
	gateway_unreachable: {
		cause: "The gateway's control listener can't be reached.",
		remedy: "Check --url (or SALLYPORT_URL) and whether the gateway runs.",
	},
	gateway_answer_invalid: {
		cause: "What answers at that URL is not a Sallyport gateway of this version.",
		remedy: "Check --url (or SALLYPORT_URL): it is the control listener's, by default http://127.0.0.1:8080.",
	},
	url_insecure: {
		cause: "The token would cross the network in clear.",
		remedy: "Use an https URL; http is for a gateway on this machine.",
	},
	token_missing: {
		cause: "This command needs a token.",
		remedy: "Give one with --token or, so that it isn't seen in the list of processes, in SALLYPORT_TOKEN.",
	},
	file_unreadable: {
		cause: "A file can't be read.",
		remedy: "Check the path and its permissions.",
	},
	file_unwritable: {
		cause: "A file can't be written.",
		remedy: "Check the path, its permissions and the room on its disk.",
	},
	file_invalid: {
		cause: "A file's content is not what this command takes.",
		remedy: "See the command's --help for what it takes.",
	},
	client_missing: {
		cause: "The client program for this connection is not installed.",
		remedy: "Install it (psql is in the package postgresql-client), or connect with any other client.",
	},
	listener_unavailable: {
		cause: "An address can't be listened on.",
		remedy:
			"Stop what listens there already, or choose another address under `listeners` in the configuration.",
	},
	login_absent: {
		cause: "Logging in is not in this release.",
		remedy:
			"Take a token from your identity provider, or have one made with `sallyport token create`, and give it in SALLYPORT_TOKEN.",
	},
	registry_read_only: {
		cause: "In this release connections stand in the configuration only.",
		remedy:
			"Change `connections` in sallyport.yaml, check it with `sallyport config check`, and send the gateway SIGHUP.",
	},
	protocol_not_spoken: {
		cause: "This release does not analyse commands of that protocol.",
		remedy:
			"Write the structured input by hand, as policy-schemas/command/input.json has it, and give it with --input FILE.",
	},
	bundle_not_taken: {
		cause: "A bundle was not taken; the revision before stays in force.",
		remedy: "See `sallyport bundle status`.",
	},
	nothing_earlier: {
		cause: "There is no earlier revision of this bundle to go back to.",
		remedy: "List the revisions with `sallyport bundle ls`.",
	},
} as const satisfies ErrorTable;

export type CliErrorCode = keyof typeof CLI_ERRORS;

export class CliError extends SallyportError<CliErrorCode> {
	constructor(code: CliErrorCode, message?: string, options?: ErrorOptions) {
		super(code, CLI_ERRORS, message, options);
	}
}

/** A failure that the gateway told of, passed on as it is. */
export class GatewayFailure extends SallyportError {
	constructor(code: string, message: string, remedy: string) {
		super(code, { [code]: { cause: message, remedy } }, message);
	}
}

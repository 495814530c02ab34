import type { FastifyInstance } from "fastify";
import { type Log, SallyportError } from "../../lib/index.ts";
import { ControlError } from "../errors.ts";
import type { Failure } from "../schemas/common.ts";
import { statusOf } from "../statuses.ts";

/** Gives every failure one form: status, code, message, remedy. What the gateway did wrong itself goes to the log. */
export function installFailures(app: FastifyInstance, log: Log): void {
	app.setErrorHandler((thrown, request, reply) => {
		const error = toSallyportError(thrown);
		const status = statusOf(error.code);
		const { operator } = error;
		if (status >= 500 || operator !== undefined) {
			log.error({ code: error.code, operator, request: request.id, err: thrown }, "a request failed");
		}
		if (status === 401) reply.header("www-authenticate", 'Bearer realm="sallyport"');
		const body: Failure = { code: error.code, message: error.message, remedy: error.remedy };
		return reply.status(status).type("application/json").send(body);
	});
	app.setNotFoundHandler((request, reply) => {
		const error = new ControlError("not_found", `There is no operation ${request.method} at this path.`);
		return reply.status(404).send({ code: error.code, message: error.message, remedy: error.remedy });
	});
}

function toSallyportError(thrown: unknown): SallyportError {
	if (thrown instanceof SallyportError) return thrown;
	const { statusCode, code, validation, message } = thrown as Partial<{
		statusCode: number;
		code: string;
		validation: unknown;
		message: string;
	}>;
	if (validation !== undefined) return new ControlError("request_invalid", message);
	if (statusCode === 413) return new ControlError("request_too_large");
	if (statusCode === 415) return new ControlError("media_type_unsupported");
	if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
		return new ControlError("request_invalid", code === undefined ? undefined : message, { cause: thrown });
	}
	return new ControlError("internal", undefined, { cause: thrown });
}

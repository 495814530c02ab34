import {
	createServer as createHttpServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { newId } from "../lib/index.ts";

/** The application as the routes see it: what they declare is what they get, by type and by check. */
export type App = FastifyInstance<
	Server,
	IncomingMessage,
	ServerResponse,
	FastifyBaseLogger,
	TypeBoxTypeProvider
>;

/** PEM texts. */
export interface ServerTls {
	readonly cert: string;
	readonly key: string;
}

export const JSON_BODY_BYTES = 2 * 1024 * 1024;

/** A token may have 16 KiB, and the other headers need room beside it. */
const HEADER_BYTES = 32 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 30_000;
const CHECK_EVERY_MS = 5_000;
const CONNECTIONS = 512;

/** A server with bounds on everything that a client could hold open or make grow. */
export function createServer(tls: ServerTls | undefined): App {
	const app: App = Fastify({
		serverFactory: (handler) => listenerFor(handler, tls),
		logger: false,
		bodyLimit: JSON_BODY_BYTES,
		genReqId: () => newId(),
		requestIdHeader: false,
		exposeHeadRoutes: false,
		forceCloseConnections: true,
		onProtoPoisoning: "error",
		onConstructorPoisoning: "error",
		routerOptions: { maxParamLength: 256 },
	}).withTypeProvider<TypeBoxTypeProvider>();
	// Only JSON is left: text/plain is what another site's page could send without asking.
	app.removeContentTypeParser("text/plain");
	app.setValidatorCompiler(TypeBoxValidatorCompiler);
	return app;
}

function listenerFor(handler: RequestListener, tls: ServerTls | undefined): Server {
	const bounds = {
		maxHeaderSize: HEADER_BYTES,
		headersTimeout: HEADERS_TIMEOUT_MS,
		requestTimeout: REQUEST_TIMEOUT_MS,
		keepAliveTimeout: KEEP_ALIVE_MS,
		connectionsCheckingInterval: CHECK_EVERY_MS,
	};
	const server: Server =
		tls === undefined
			? createHttpServer(bounds, handler)
			: createHttpsServer(
					{ ...bounds, ...tls, minVersion: "TLSv1.2", handshakeTimeout: HEADERS_TIMEOUT_MS },
					handler,
				);
	server.maxConnections = CONNECTIONS;
	return server;
}

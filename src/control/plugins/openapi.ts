import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";

/** Collects the declarations of all routes that are registered afterwards into one OpenAPI document. */
export async function installOpenApi(app: FastifyInstance): Promise<void> {
	await app.register(swagger, {
		openapi: {
			openapi: "3.1.0",
			info: {
				title: "Sallyport control plane",
				version: "1",
				description:
					"Every operation but the health checks takes a bearer token and is decided by the policy " +
					"(sallyport/admin/decision).",
			},
			components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
			security: [{ bearer: [] }],
		},
	});
}

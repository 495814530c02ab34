/** What the tests use of packages that bring no types. */
declare module "oidc-provider" {
	import type { IncomingMessage, ServerResponse } from "node:http";

	export class Provider {
		constructor(issuer: string, configuration: Record<string, unknown>);
		callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
	}
}

declare module "pg-cursor" {
	import type { Submittable } from "pg";

	export default class Cursor implements Submittable {
		constructor(text: string, values?: readonly unknown[]);
		submit: Submittable["submit"];
		read(rows: number): Promise<readonly unknown[]>;
		close(): Promise<void>;
	}
}

declare module "pg-copy-streams" {
	import type { Readable, Writable } from "node:stream";
	import type { Submittable } from "pg";

	export function from(text: string): Writable & Submittable;
	export function to(text: string): Readable & Submittable;
}

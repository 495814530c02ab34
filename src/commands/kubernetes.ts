import { Closed, Nullable, type Static, Type } from "../lib/index.ts";

/** A request to a Kubernetes API, in its own words. */
export const KubernetesCommand = Closed({
	type: Type.Literal("kubernetes"),
	verb: Type.String(),
	/** Empty for the core group. */
	api_group: Type.String(),
	api_version: Type.String(),
	resource: Type.String(),
	/** `exec`, `log`, `status` ...; null where the request is about the whole. */
	subresource: Nullable(Type.String()),
	namespace: Nullable(Type.String()),
	name: Nullable(Type.String()),
	label_selector: Nullable(Type.String()),
	field_selector: Nullable(Type.String()),
	/** The body, where there is one. */
	object: Type.Any(),
	exec: Nullable(
		Closed({
			container: Nullable(Type.String()),
			argv: Type.Array(Type.String()),
			stdin: Type.Boolean(),
			tty: Type.Boolean(),
		}),
	),
	dry_run: Type.Boolean(),
});
export type KubernetesCommand = Static<typeof KubernetesCommand>;

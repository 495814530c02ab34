import type { AddCommand } from "../../../context.ts";
import { shadowStart } from "./start.ts";
import { shadowStatus } from "./status.ts";
import { shadowStop } from "./stop.ts";

/** A candidate on live traffic. */
export const policyShadow: AddCommand = (parent, context) => {
	const group = parent
		.command("shadow")
		.description("a candidate beside the live policy, which changes no answer");
	for (const add of [shadowStart, shadowStatus, shadowStop]) add(group, context);
};

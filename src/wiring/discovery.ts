import { type Config, readDiscovered } from "../config/index.ts";
import type { Reporting } from "../control/index.ts";
import type { Clock, Log } from "../lib/index.ts";
import { Discovery, type PolicyPlugins, type PolicyRuntime } from "../policy/index.ts";

/** Discovery as the configuration has it: what it finds, bundles and reports go on with. */
export function discoveryOf(
	config: Config,
	policy: PolicyRuntime,
	plugins: PolicyPlugins,
	identity: Readonly<Record<string, string>>,
	log: Log,
	clock: Clock,
): Discovery | undefined {
	if (config.discovery === undefined) return undefined;
	const discovery = new Discovery({
		config,
		read: (json) => readDiscovered(json, config),
		apply: async (sections) => {
			await policy.reconfigure({ ...sections, labels: { ...identity, ...sections.labels } });
			plugins.reconfigure(sections);
		},
		onAttempt: () => plugins.changed(),
		log,
		clock,
	});
	plugins.discovery = () => discovery.status();
	return discovery;
}

/** What can be made to act by hand. */
export function reportingOf(plugins: PolicyPlugins, discovery: Discovery | undefined): Reporting {
	return {
		trigger: async (plugin) => {
			if (plugin !== "discovery") return plugins.trigger(plugin);
			await discovery?.trigger();
			return discovery !== undefined;
		},
		discovery: () => discovery?.status(),
	};
}

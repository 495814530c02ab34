import { ApprovalsConfig } from "../approvals/index.ts";
import { ConnectionsConfig } from "../connections/index.ts";
import { IdentityConfig } from "../identity/index.ts";
import { DirectoryPath, later, type Static, Type } from "../lib/index.ts";
import { policyProperties } from "../policy/index.ts";
import { RecordingsConfig } from "../recording/index.ts";
import { BundleServerConfig } from "./sections/bundle-server.ts";
import { LimitsConfig } from "./sections/limits.ts";
import { ListenersConfig } from "./sections/listeners.ts";

const StoreConfig = Type.Object(
	{
		url: Type.String({
			pattern: "^sqlite:",
			...later("postgres:", "postgresql:"),
			default: "sqlite:",
			description: "`sqlite:` is a file in the data directory; `sqlite:PATH` another one.",
		}),
	},
	{ additionalProperties: false, default: {} },
);

/** The whole of `sallyport.yaml`: the static type is what `loadConfig` answers, the JSON Schema what is written. */
export const ConfigSchema = Type.Object(
	{
		data_dir: DirectoryPath("Embedded store, recordings, persisted bundles, keys.", "./.sallyport"),
		store: StoreConfig,
		recordings: RecordingsConfig,
		listeners: ListenersConfig,
		identity: IdentityConfig,
		connections: ConnectionsConfig,
		approvals: ApprovalsConfig,
		...policyProperties,
		persistence_directory: Type.Optional(
			DirectoryPath("Where bundles with `persist` are kept. Without it: `bundles` in the data directory."),
		),
		bundle_server: BundleServerConfig,
		limits: LimitsConfig,
	},
	{ additionalProperties: false },
);

export type Config = Omit<Static<typeof ConfigSchema>, "listeners"> & {
	readonly listeners: ListenersConfig;
	/** The absolute path of the file it was loaded from. */
	readonly file: string;
	readonly persistence_directory: string;
};

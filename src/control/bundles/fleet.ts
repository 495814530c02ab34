import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Value } from "typebox/value";
import { type Clock, describeThrown, type Log, Type } from "../../lib/index.ts";
import { GatewayView } from "../schemas/bundles.ts";

/** Reporters that are remembered; the one that was silent longest goes first. */
const MOST = 10_000;
/** Bundles of one report. */
const MOST_BUNDLES = 100;
const SILENT_MS = 7 * 86_400_000;
/** Reports come with every poll of every gateway: they are written together. */
const WRITE_AFTER_MS = 1_000;

const Text = Type.Optional(Type.String({ maxLength: 4_096 }));

/** The part of OPA's status report that is kept; the rest (metrics, plugins) is not looked at. */
export const StatusReport = Type.Object({
	labels: Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 1_024 }), {
		maxProperties: 64,
	}),
	bundles: Type.Optional(
		Type.Record(
			Type.String({ maxLength: 256 }),
			Type.Object({
				active_revision: Text,
				last_successful_activation: Text,
				last_successful_download: Text,
				code: Text,
				message: Text,
			}),
			{ maxProperties: MOST_BUNDLES },
		),
	),
});
export type StatusReport = Type.Static<typeof StatusReport>;

/**
 * Which gateway runs which revision, as they report it themselves. It is kept on disk, but a report that was lost in
 * a crash only comes a poll later.
 */
export class Fleet {
	readonly #path: string;
	readonly #clock: Clock;
	readonly #log: Log;
	readonly #gateways = new Map<string, GatewayView>();
	#writing: NodeJS.Timeout | undefined;

	private constructor(path: string, clock: Clock, log: Log) {
		this.#path = path;
		this.#clock = clock;
		this.#log = log;
	}

	/** Reads what was kept in the file; a file that can't be read is forgotten: gateways will report again. */
	static async open(path: string, clock: Clock, log: Log): Promise<Fleet> {
		const fleet = new Fleet(path, clock, log);
		try {
			const kept = Value.Parse(Type.Array(GatewayView), JSON.parse(await readFile(path, "utf8")));
			for (const gateway of kept) fleet.#gateways.set(key(gateway), gateway);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT")
				log.warn({ path, reason: describeThrown(error) }, "earlier status reports can't be read");
		}
		return fleet;
	}

	/** `by` is whose token it came with: a reporter can't take another one's place. */
	report(by: string, { labels, bundles = {} }: StatusReport): void {
		const gateway: GatewayView = {
			id: labels["id"] ?? by,
			labels,
			reported_by: by,
			reported_at: new Date(this.#clock.now()).toISOString(),
			bundles: Object.entries(bundles).map(([name, status]) => ({
				name,
				active_revision: status.active_revision || null,
				active_since: instant(status.last_successful_activation),
				last_download: instant(status.last_successful_download),
				code: status.code || null,
				message: status.message || null,
			})),
		};
		this.#gateways.delete(key(gateway));
		this.#gateways.set(key(gateway), gateway); // the last one to have reported is the last of the map
		const [silent] = this.#gateways.keys();
		if (this.#gateways.size > MOST && silent !== undefined) this.#gateways.delete(silent);
		this.#writing ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS).unref();
	}

	/** Those that reported within the last week, by id. */
	list(): GatewayView[] {
		const since = new Date(this.#clock.now() - SILENT_MS).toISOString();
		return [...this.#gateways.values()]
			.filter(({ reported_at }) => reported_at >= since)
			.sort((a, b) => (a.id < b.id ? -1 : 1));
	}

	async #write(): Promise<void> {
		this.#writing = undefined;
		const temporary = `${this.#path}.${randomUUID()}`;
		try {
			await writeFile(temporary, JSON.stringify(this.list()), { mode: 0o600 });
			await rename(temporary, this.#path);
		} catch (error) {
			this.#log.warn({ path: this.#path, reason: describeThrown(error) }, "status reports can't be kept");
		}
	}
}

const key = ({ id, reported_by }: GatewayView): string => JSON.stringify([id, reported_by]);

/** Go writes its zero time for what has not happened. */
function instant(text: string | undefined): string | null {
	return text === undefined || text === "" || text.startsWith("0001-") ? null : text;
}

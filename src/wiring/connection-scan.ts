import type { ConnectionRegistry } from "../connections/index.ts";
import type { ConnectionScan } from "../control/index.ts";
import { detectorsOf, proposalOf } from "../masking/index.ts";
import type { DetectorSettings } from "../policy/index.ts";
import { type ScanBounds, scanConnection } from "../protocols/index.ts";

/** Samples a connection's tables with all detectors; columns of which nothing suggests personal data are only counted. */
export async function scanned(
	registry: ConnectionRegistry,
	name: string,
	bounds: ScanBounds,
	settings: DetectorSettings,
): Promise<ConnectionScan> {
	const { connection } = registry.resolve(name);
	const { columns, tables, skipped } = await scanConnection(connection, detectorsOf(["*"], settings), bounds);
	const proposed = columns.flatMap((column) => {
		const proposal = proposalOf(column);
		return proposal === null ? [] : [{ ...column, proposal }];
	});
	return { columns: proposed, tables, scanned: columns.length, skipped: [...skipped] };
}

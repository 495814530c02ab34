import { type BundleServer, startBundleServer } from "./bundle-server.ts";
import { type Database, startDatabase } from "./database.ts";
import { type DemoGateway, startDemoGateway } from "./gateway.ts";
import { openPolicyWorkshop, type PolicyBundle, type PolicyWorkshop } from "./policy.ts";
import { openWorkspace } from "./workspace.ts";

/** Everything that the scenario plays on. */
export interface Stage {
	readonly directory: string;
	readonly database: Database;
	readonly bundles: BundleServer;
	readonly workshop: PolicyWorkshop;
	/** The bundle that the gateway starts with. */
	readonly base: PolicyBundle;
	readonly gateway: DemoGateway;
	/** Ends all of it and removes what it wrote. */
	strike(): Promise<void>;
}

/** Starts the database, the bundle server and the gateway; what was started is ended again when one fails. */
export async function setStage(): Promise<Stage> {
	const workspace = openWorkspace();
	const { directory } = workspace;
	const endings: (() => Promise<void>)[] = [() => workspace.remove()];
	const strike = async () => {
		// The last first; one that fails must not keep the others from ending.
		for (const end of endings.splice(0).reverse()) await end().catch(() => undefined);
	};
	try {
		const workshop = openPolicyWorkshop();
		const [database, base, bundles] = await allOrThrow([
			startDatabase(workspace),
			workshop.buildBase(),
			startBundleServer(directory, workshop.publicKey),
		]);
		endings.push(() => database.disconnect());
		endings.push(() => bundles.stop());
		await bundles.push(base.archive);
		const gateway = await startDemoGateway({ directory, database, bundles, publicKey: workshop.publicKey });
		endings.push(() => gateway.stop());
		return { directory, database, bundles, workshop, base, gateway, strike };
	} catch (error) {
		await strike();
		throw error;
	}
}

/** Like `Promise.all`, but settles only when all have: nothing goes on behind the back of whoever cleans up. */
async function allOrThrow<T extends readonly unknown[]>(
	work: {
		readonly [K in keyof T]: Promise<T[K]>;
	},
): Promise<T> {
	const settled = await Promise.allSettled(work);
	const failed = settled.find((each) => each.status === "rejected");
	if (failed !== undefined) throw failed.reason;
	return settled.map((each) => (each.status === "fulfilled" ? each.value : undefined)) as unknown as T;
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { RunningPostgres } from "../../support/postgres.ts";
import { identity } from "../../support/postgres-cluster.ts";
import type { Lives } from "./session.ts";

/** What was killed, and how often. */
export interface Kills {
	clients: number;
	backends: number;
	/** A backend by SIGKILL, at which the server throws everybody out and recovers. */
	crashes: number;
	/** The server itself, stopped at once and started again. */
	restarts: number;
}

export interface Pace {
	readonly killEveryMs: number;
	readonly crashEveryMs: number;
	readonly restartEveryMs: number;
}

/** Kills at random until it is over: each victim is whoever comes. */
export async function wreakHavoc(
	postgres: RunningPostgres,
	lives: Lives,
	pace: Pace,
	over: () => boolean,
): Promise<Kills> {
	const kills: Kills = { clients: 0, backends: 0, crashes: 0, restarts: 0 };
	let crashAt = Date.now() + pace.crashEveryMs;
	let restartAt = Date.now() + pace.restartEveryMs;
	while (!over()) {
		await sleep(pace.killEveryMs * (0.5 + Math.random()));
		const now = Date.now();
		if (now >= restartAt) {
			await restart(postgres);
			restartAt = Date.now() + pace.restartEveryMs;
			kills.restarts += 1;
		} else if (now >= crashAt) {
			crash(lives);
			crashAt = now + pace.crashEveryMs;
			kills.crashes += 1;
		} else if (Math.random() < 0.5) {
			any(lives)?.client.socket.resetAndDestroy();
			kills.clients += 1;
		} else {
			const victim = any(lives)?.pid ?? "";
			// The server may be recovering: then nobody is killed.
			await postgres.query("SELECT pg_terminate_backend($1::int)", [victim]).catch(() => {});
			kills.backends += 1;
		}
	}
	return kills;
}

function any(lives: Lives) {
	return [...lives.values()][Math.floor(Math.random() * lives.size)];
}

function crash(lives: Lives): void {
	const pid = Number(any(lives)?.pid);
	try {
		if (pid > 0) process.kill(pid, "SIGKILL");
	} catch {
		// It has just gone by itself.
	}
}

/** As an operator does it in a hurry, with the options that it was started with. */
async function restart({ binDir, socketDir }: RunningPostgres): Promise<void> {
	await promisify(execFile)(
		join(binDir, "pg_ctl"),
		[
			"-D",
			join(socketDir, "data"),
			"-m",
			"immediate",
			"-w",
			"-l",
			join(socketDir, "restarted.log"),
			"restart",
		],
		{ ...identity(), cwd: socketDir },
	);
}

/** The server that a restart left is nobody's child. */
export async function stopRestarted({ binDir, socketDir }: RunningPostgres): Promise<void> {
	await promisify(execFile)(
		join(binDir, "pg_ctl"),
		["-D", join(socketDir, "data"), "-m", "immediate", "-w", "stop"],
		{
			...identity(),
			cwd: socketDir,
		},
	).catch(() => {});
}

import assert from "node:assert/strict";
import { CODEC_PROPERTIES } from "../../test/attack/postgres/codec/properties.ts";
import { openArena } from "../../test/attack/postgres/rewrites/arena.ts";
import { generated } from "../../test/attack/postgres/rewrites/attempts.ts";
import { openBrokenUpstream } from "../../test/attack/postgres/upstream/broken.ts";
import { startPair } from "../../test/support/wire-pair.ts";
import {
	PARTLY_DENIED,
	SCHEMA,
	sameAnswers,
	staysInStep,
	WITH_FORBIDDEN,
} from "../../test/wire/protocol/random.ts";
import type { Fuzzer } from "../run.ts";

/** So many attempts in a row that do nothing: an earlier one has renamed or moved what they are after. */
const WORN_OUT = 10;

/** Forbidden statements in other words: what does harm directly must do none through the gateway. */
const statements = (version: 15 | 18): Fuzzer => ({
	turn: 20,
	open: async () => {
		let arena = await openArena(version);
		let harmless = 0;
		return {
			attempt: async (seed) => {
				if (harmless === WORN_OUT) {
					await arena.stop();
					arena = await openArena(version);
					harmless = 0;
				}
				const attempt = generated(seed, version);
				if (!(await arena.harmful(attempt))) {
					harmless += 1;
					return 0;
				}
				harmless = 0;
				const { harmed, log } = await arena.passes(attempt);
				assert.ok(!harmed, `the server did it:\n${attempt.script}\n${log}`);
				return 1;
			},
			close: () => arena.stop(),
		};
	},
});

/** Messages in any order: answered through the gateway as by the server itself. */
const sequences = (version: 15 | 18): Fuzzer => ({
	turn: 10,
	open: async () => {
		const pair = await startPair({ postgres: { version }, schema: SCHEMA });
		return {
			attempt: async (seed) => {
				await sameAnswers(pair, seed);
				return 1;
			},
			close: () => pair.stop(),
		};
	},
});

/** The same with texts among them that are denied. */
const denials: Fuzzer = {
	turn: 10,
	open: async () => {
		const pair = await startPair({ schema: WITH_FORBIDDEN, policy: PARTLY_DENIED });
		return {
			attempt: async (seed) => {
				const client = await pair.through();
				const logged = await pair.logged(() => staysInStep(client, seed));
				client.close();
				assert.doesNotMatch(logged, /forbidden/);
				return 1;
			},
			close: () => pair.stop(),
		};
	},
};

const codec: Fuzzer = {
	turn: 500,
	open: async () => ({
		attempt: async (seed) => {
			let tried = 0;
			for (const property of Object.values(CODEC_PROPERTIES)) tried += property(seed);
			return tried;
		},
		close: async () => {},
	}),
};

const upstream: Fuzzer = {
	turn: 5,
	open: async () => {
		const broken = await openBrokenUpstream();
		return {
			attempt: async (seed) => {
				await broken.endure(seed);
				return 1;
			},
			close: () => broken.stop(),
		};
	},
};

export const POSTGRES: Readonly<Record<string, Fuzzer>> = {
	codec,
	"statements-15": statements(15),
	"statements-18": statements(18),
	"sequences-15": sequences(15),
	"sequences-18": sequences(18),
	denials,
	upstream,
};

import { targz } from "./archive.ts";
import { ARCHIVES } from "./archives.ts";
import { type Case, data, manifest } from "./case.ts";
import { DELTAS } from "./deltas.ts";
import { SIGNATURES } from "./signed.ts";

/** Two of which only one can be in force, whichever comes first. */
export const OVERLAPPING: Readonly<Record<string, () => Promise<Buffer>>> = {
	overlapping1: () => targz([manifest("overlap"), data("overlap")]),
	overlapping2: () => targz([manifest("overlap/x"), [{ name: "overlap/x/data.json" }, "{}"]]),
};

export const CASES: readonly Case[] = [...ARCHIVES, ...SIGNATURES, ...DELTAS];

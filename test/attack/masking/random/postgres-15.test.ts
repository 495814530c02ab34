import { testSeeds } from "./kept-seeds.ts";

testSeeds(15, 1, 10_001);

import { testSeeds } from "./kept-seeds.ts";

testSeeds(18, 10_001, 20_001);

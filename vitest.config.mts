import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const EXCLUDED = [...configDefaults.exclude, ".basin/**"];
const SPARK = "tests/**/*.spark.test.ts";
const ENGINE = "tests/engine/**/*.engine.test.ts";
/** Kills the engine at a moment of its choosing: slow, and among the larger counts of `npm run test:long`. */
const KILLED = process.env.BASIN_LONG === "1" ? [] : ["tests/engine/killed.engine.test.ts"];

/**
 * Plain tests run side by side. Those that start Spark or Pulumi's engine run one after another, since one session alone
 * fills a laptop.
 */
export default defineConfig({
  // Examples import the package by its name, as they do where it is installed.
  resolve: { alias: { "@basin-lakehouse/contract": fileURLToPath(new URL("contract/index.ts", import.meta.url)) } },
  test: {
    exclude: EXCLUDED,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,mjs}"],
          exclude: [...EXCLUDED, SPARK, ENGINE],
          // Beside Spark and Pulumi, on two cores.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "spark",
          include: [SPARK],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: [ENGINE],
          exclude: [...EXCLUDED, ...KILLED],
          globalSetup: "tests/engine/global-setup.mjs",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const EXCLUDED = [...configDefaults.exclude, ".basin/**"];
const SPARK = "tests/**/*.spark.test.ts";
const ENGINE = "tests/engine/**/*.engine.test.ts";

/**
 * Plain tests run side by side. Those that start Spark run one after another, since one session alone fills a laptop;
 * those that start Pulumi's engine run by twos.
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
          // One process runs many files, and loads what they share once: a program is recorded anew by each.
          isolate: false,
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
          exclude: EXCLUDED,
          globalSetup: "tests/engine/global-setup.mjs",
          // Each file has an engine, a backend and a cloud of its own.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

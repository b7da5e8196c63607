import { configDefaults, defineConfig } from "vitest/config";

const SPARK = "tests/**/*.spark.test.ts";

/** Plain tests run side by side; those that start Spark one after another, since one session alone fills a laptop. */
export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, ".basin/**"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,mjs}"],
          exclude: [...configDefaults.exclude, ".basin/**", SPARK],
          testTimeout: 30_000, // beside Spark, on two cores
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
    ],
  },
});

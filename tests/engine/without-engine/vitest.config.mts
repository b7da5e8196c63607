import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The engine's tests as they run where there is no engine: see without-engine.test.mjs. */
export default defineConfig({
  root: join(import.meta.dirname, ".."),
  test: { include: ["dev.engine.test.ts"], globalSetup: join(import.meta.dirname, "global-setup.mjs") },
});

import { describe, expect, it } from "vitest";
import { run } from "./run.js";

describe("a command that failed", () => {
  it("is shown with its last words", async () => {
    const failing = run(["sh", "-c", "echo first; echo last >&2; exit 3"], { doing: "try" });
    await expect(failing).rejects.toThrow(/could not try \(it ended with 3\).*\n {2}first\n {2}last/s);
  });

  it("on a full disk says that, rather than how it fell", async () => {
    const failing = run(["sh", "-c", "echo 'OSError: [Errno 28] No space left on device'; exit 1"], { doing: "try" });
    await expect(failing).rejects.toThrow("could not try: no space left on the device.");
  });
});

import { rmSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expireAfter, MIB, useTwoFiles } from "../testing/two-files";
import { writeNoise } from "../testing/random";

const ground = useTwoFiles();
const { folder, large, send, expectBoth } = ground;
const journal = join(folder, "journal");

/** Sends until so many parts have got through, and then no more. */
async function interrupt(prefix: string, after: number): Promise<void> {
  ground.proxy.plan = expireAfter(after);
  await expect(send(prefix, { concurrency: 1 })).rejects.toThrow("expired");
  ground.proxy.plan = () => undefined;
}

function damage(change: (text: string) => string): void {
  for (const name of readdirSync(journal)) {
    writeFileSync(join(journal, name), change(`{"part":1,"checksum":"${"A".repeat(43)}="}\n`));
  }
}

describe("an interrupted upload", () => {
  test.each<[string, () => void]>([
    ["with its journal", () => undefined],
    ["with its journal lost", () => rmSync(journal, { recursive: true })],
    ["with its journal damaged", () => damage((line) => `\u0000\u0001{"version":1,${line}`)],
    ["with its journal empty", () => damage(() => "")],
  ])("%s goes on with what is missing, in the parts it was begun with", async (name, harm) => {
    const prefix = `${name.replaceAll(" ", "-")}/`;
    await interrupt(prefix, 3);
    harm();
    const [object] = await send(prefix, { partBytes: 6 * MIB });
    expect(object).toMatchObject({ parts: 4, partsSent: 1 });
    await expectBoth(prefix);
  });

  test("whose journal cannot be written goes on all the same", async () => {
    const inTheWay = join(folder, "a-file");
    writeFileSync(inTheWay, "");
    ground.proxy.plan = expireAfter(2);
    await expect(send("unwritten/", { concurrency: 1, journalDir: inTheWay })).rejects.toThrow("expired");
    ground.proxy.plan = () => undefined;
    const [object] = await send("unwritten/", { journalDir: inTheWay });
    expect(object).toMatchObject({ parts: 4, partsSent: 2 });
    await expectBoth("unwritten/");
  });

  test.each([
    ["content", (): void => void writeNoise(large.path, large.bytes, 3)],
    ["size", (): void => void writeNoise(large.path, large.bytes + 1, 1)],
  ])("of a file whose %s changed starts over and says so", async (what, change) => {
    await interrupt(`changed-${what}/`, 2);
    change();
    const notices: string[] = [];
    const [object] = await send(`changed-${what}/`, { onNotice: (text) => notices.push(text) });
    expect(object?.partsSent).toBe(object?.parts);
    expect(notices).toEqual([`${large.path}: changed since its upload was begun; starts over`]);
    expect(await ground.s3.open(`changed-${what}/`)).toEqual([]);
    ground.rewriteLarge();
  });

  test("of a file that was only touched keeps its parts and says so", async () => {
    await interrupt("touched/", 2);
    ground.rewriteLarge();
    const notices: string[] = [];
    const [object] = await send("touched/", { onNotice: (text) => notices.push(text) });
    expect(object?.partsSent).toBe(2);
    expect(notices).toEqual([
      `${large.path}: touched since its upload was begun; the parts that were sent still match and are kept`,
    ]);
    await expectBoth("touched/");
  });

  test("of another file to the same key is left alone", async () => {
    await interrupt("other/", 2);
    rmSync(journal, { recursive: true });
    writeNoise(large.path, large.bytes, 4);
    const [object] = await send("other/");
    expect(object).toMatchObject({ parts: 4, partsSent: 4 });
    expect(await ground.s3.open("other/")).toEqual(["other/large"]);
    ground.rewriteLarge();
  });
});

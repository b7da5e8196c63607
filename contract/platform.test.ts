import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { deployConsumer as deploy, PLATFORM as STACK, valueOf } from "../tests/consumer-deployment";
import type { PinnedContract } from "./pinned";
import { platform } from "./platform";
import { CONTRACT, FLIGHTS, withFlights } from "./testing/example-contract";

const outputs = (basin: unknown): { outputs: Record<string, unknown> } => ({ outputs: { basin } });

/** What goes wrong when a program asks a platform for something. */
async function failure(basin: unknown, program: (stack: string) => unknown): Promise<string> {
  const deployed = deploy({ outputs: basin === undefined ? { url: "https://…" } : { basin } }, () => program(STACK));
  return deployed.then(
    () => "no failure",
    (error: unknown) => (error as Error).message,
  );
}

describe("a platform", () => {
  it("gives what its stack exports", async () => {
    const { declared: result } = await deploy(outputs(CONTRACT), async () => {
      const basin = platform(STACK);
      const flights = basin.dataset("flights");
      const reader = flights.reader("planning");
      return {
        account: await valueOf(basin.accountId),
        label: await valueOf(basin.label),
        network: await valueOf(basin.network),
        location: await valueOf(flights.location),
        type: await valueOf(flights.column("price").type),
        stream: await valueOf(flights.stream.name),
        roleArn: await valueOf(reader.roleArn),
        externalId: await valueOf(reader.externalId),
      };
    });
    expect(result).toEqual({
      account: "111122223333",
      label: "basin-prod",
      network: CONTRACT.network,
      location: "s3://lake/silver/flights/",
      type: "decimal(10,2)",
      stream: "basin-prod-stream-flights",
      roleArn: "arn:aws:iam::111122223333:role/basin-prod-reader-planning",
      externalId: "basin-prod-reader-planning",
    });
  });

  it("may be asked for twice in one program", async () => {
    const { declared: result } = await deploy(outputs(CONTRACT), () =>
      Promise.all([STACK, STACK].map((stack) => valueOf(platform(stack).dataset("flights").table))),
    );
    expect(result).toEqual(["flights", "flights"]);
  });

  it("keeps the external id secret where its stack does, and nothing beside it", async () => {
    const { declared: result } = await deploy({ ...outputs(CONTRACT), secretOutputs: ["basin"] }, async () => {
      const flights = platform(STACK).dataset("flights");
      const reader = flights.reader("planning");
      return Promise.all([reader.externalId, reader.roleArn, flights.location].map(pulumi.isSecret));
    });
    expect(result).toEqual([true, false, false]);
  });

  it("may have been made by a newer Basin of the same version, which says more", async () => {
    const newer = { ...CONTRACT, lineage: "new", datasets: { flights: { ...FLIGHTS, quality: 1 } } };
    const { declared: result } = await deploy(outputs(newer), () => valueOf(platform(STACK).dataset("flights").table));
    expect(result).toBe("flights");
  });

  it("warns of a dataset that is retired, once, and of no other", async () => {
    const told = async (basin: unknown): Promise<readonly string[]> => {
      const program = (): void => {
        const shared = platform(STACK);
        shared.dataset("flights");
        shared.dataset("flights");
      };
      return (await deploy(outputs(basin), program)).warnings;
    };
    expect(await told(CONTRACT)).toEqual([]);
    expect(await told(withFlights({ retired: "2026-12-01" }))).toEqual([
      "organization/basin/prod: flights is retired since 2026-12-01: its table stays and gets no new rows; " +
        "ask air-traffic what follows",
    ]);
  });

  it("warns of a column that is not of the type that was pinned", async () => {
    const now = withFlights({ columns: { ...FLIGHTS.columns, id: { type: "bigint", required: true } } });
    const { warnings } = await deploy(outputs(now), () => {
      const flights = platform(STACK, { contract: CONTRACT }).dataset("flights");
      flights.column("id");
      flights.column("price");
    });
    expect(warnings).toEqual([
      "organization/basin/prod: flights.id was int when it was pinned and is bigint: pin the contract anew",
    ]);
  });
});

describe("a program that asks for what is not there is told so", () => {
  it.each<[string, unknown, (stack: string) => unknown, string]>([
    [
      "a stack without the output",
      undefined,
      (stack) => platform(stack).dataset("flights").location,
      'stack organization/basin/prod has no output "basin", so it is no Basin platform; it exports url',
    ],
    [
      "another project's output",
      { endpoint: "https://example.com" },
      platform,
      'the output "basin" of stack organization/basin/prod is no contract of a Basin platform: it has no version; ' +
        "found an object with endpoint",
    ],
    [
      "a newer contract",
      { ...CONTRACT, version: 2 },
      platform,
      'the output "basin" of stack organization/basin/prod is contract version 2, and this package knows version 1: ' +
        "install @basin-lakehouse/contract@2",
    ],
    [
      "an older contract",
      { ...CONTRACT, version: 0 },
      platform,
      'the output "basin" of stack organization/basin/prod is contract version 0, and this package knows version 1: ' +
        "install @basin-lakehouse/contract@0",
    ],
    [
      "a damaged output",
      { ...CONTRACT, datasets: { flights: { ...FLIGHTS, location: "nowhere", freshnessSeconds: "1 h" } } },
      platform,
      'the output "basin" of stack organization/basin/prod is damaged: datasets.flights.location: Invalid string: ' +
        'must start with "s3://"; datasets.flights.freshnessSeconds: Invalid input: expected number, received string',
    ],
    [
      "a damaged contract file",
      CONTRACT,
      (stack) => platform(stack, { contract: { ...CONTRACT, lakeKeyArn: "key" } }),
      'the pinned contract is damaged: lakeKeyArn: Invalid string: must start with "arn:"',
    ],
    [
      "another account than the pinned one",
      { ...CONTRACT, accountId: "444455556666", environment: "dev" },
      (stack) => platform(stack, { contract: CONTRACT }),
      "stack organization/basin/prod is the dev platform of account 444455556666, " +
        "and this program is for the one of 111122223333",
    ],
    [
      "another account than the one it names",
      CONTRACT,
      (stack) => platform(stack, { account: "444455556666" }),
      "stack organization/basin/prod is the prod platform of account 111122223333, " +
        "and this program is for the one of 444455556666",
    ],
    [
      "a dataset",
      CONTRACT,
      (stack) => platform(stack).dataset("fligths").location,
      'organization/basin/prod has no dataset "fligths"; it has flights',
    ],
    [
      "a dataset that is gone since it was pinned",
      { ...CONTRACT, datasets: {} },
      (stack) => platform(stack, { contract: CONTRACT }).dataset("flights"),
      'organization/basin/prod has no dataset "flights"; it has none',
    ],
    [
      "a dataset that was not pinned",
      CONTRACT,
      (stack) => platform(stack, { contract: widened(CONTRACT) }).dataset("new"),
      'organization/basin/prod, as pinned, has no dataset "new"; it has flights',
    ],
    [
      "a column",
      CONTRACT,
      (stack) => platform(stack).dataset("flights").column("prize"),
      'organization/basin/prod: flights has no column "prize"; it has id, price',
    ],
    [
      "a reader",
      CONTRACT,
      (stack) => platform(stack).dataset("flights").reader("strangers").roleArn,
      'organization/basin/prod: flights has no reader "strangers"; it has planning',
    ],
    [
      "a stream",
      withFlights({ stream: undefined }),
      (stack) => platform(stack).dataset("flights").stream.name,
      "organization/basin/prod: flights has no stream: events do not come in by one",
    ],
    [
      "a dataset that is called as every object's own",
      CONTRACT,
      (stack) => platform(stack).dataset("constructor"),
      'organization/basin/prod has no dataset "constructor"; it has flights',
    ],
  ])("by one clear message: %s", async (_, basin, program, expected) => {
    expect(await failure(basin, program)).toBe(expected);
  });
});

/** As a program in JavaScript has it: without the names that TypeScript would refuse. */
function widened(contract: PinnedContract): PinnedContract {
  return contract;
}

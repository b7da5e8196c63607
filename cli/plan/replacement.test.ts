import { beforeAll, describe, expect, it } from "vitest";
import { REPLACEMENTS } from "../../components/replacements";
import type { Environment } from "../../components/environment";
import { readDatasets } from "../../declarations/load";
import { decide, declarePlatform } from "../../stacks/program";
import { EXAMPLE_CONNECTION, exampleEnvironment } from "../../tests/environment";
import { recordComponents, type Recorded } from "../../tests/record-components";
import { compareWithBaseline, type Baseline } from "./baseline";
import { requireKept } from "./guard";
import { samplePlan } from "./testing/sample-plan";

const CLUSTER = "standing-live-blue-cluster";
/** Milliseconds: some seconds a plan on a machine that does nothing else. */
const RECORDING = 120_000;

const BASE = {
  ownsAccount: true,
  replica: { region: "us-west-2" },
  connections: { fleet: { ...EXAMPLE_CONNECTION, cidr: "10.40.0.0/16" } },
  consumers: { "fleet-planning": { account: "222233334444" } },
};

function environment(spark: object = {}): Environment {
  const standing = { live: { generations: ["blue"], active: "blue" } };
  const { settings } = exampleEnvironment("prod", {
    settings: { ...BASE, network: { cidr: "10.40.0.0/16" }, spark: { standing, ...spark } },
  });
  return decide(settings, readDatasets("datasets"), { today: "2026-11-24" });
}

async function planned(one: Environment): Promise<Recorded> {
  return recordComponents(one, () => declarePlatform(one));
}

describe("replacements", () => {
  let before: Recorded;
  beforeAll(async () => {
    before = await planned(environment());
  }, RECORDING);

  const compared = (resources: Recorded["resources"]) => {
    const after = samplePlan({ resources: [...resources] });
    const baseline = JSON.parse(JSON.stringify(samplePlan({ resources: [...before.resources] }))) as Baseline;
    return { after, baseline, changes: compareWithBaseline(after, baseline) };
  };

  it("are known for every type that the platform declares, each with its source", () => {
    const types = new Set(before.resources.filter(({ custom }) => custom).map(({ type }) => type));
    expect([...types].filter((type) => !/^pulumi:/.test(type) && REPLACEMENTS[type] === undefined)).toEqual([]);
    for (const { source } of Object.values(REPLACEMENTS)) expect(source.length).toBeGreaterThan(10);
  });

  it(
    "of a standing cluster are shown with their cause and refused: release, certificate, types of its task fleet",
    async () => {
      const changed = environment({ release: "emr-7.12.0", certificate: 2, families: ["r5", "r7i", "r6i"] });
      const { changes, after, baseline } = compared((await planned(changed)).resources);
      const cluster = changes.resources.find(({ urn }) => urn.endsWith(`::${CLUSTER}`));
      expect(cluster?.operation).toBe("replace");
      for (const property of ["releaseLabel", "securityConfiguration", "configurationsJson"]) {
        expect(cluster?.cause).toContain(property);
      }
      expect(() => requireKept(after, changes, baseline, changed)).toThrow(
        `${CLUSTER} is protected and would be replaced`,
      );
    },
    RECORDING,
  );

  it(
    "leave a standing cluster alone when only its capacities change, which managed scaling moves",
    async () => {
      const changed = environment({ overrides: { coreNodes: 4 } });
      const { changes } = compared((await planned(changed)).resources);
      const cluster = changes.resources.find(({ urn }) => urn.endsWith(`::${CLUSTER}`));
      expect(cluster?.operation).not.toBe("replace");
    },
    RECORDING,
  );
});

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { forcingProperties, REPLACEMENTS } from "../../components/replacements";
import { readDatasets } from "../../declarations/load";
import { decide, declarePlatform } from "../../stacks/program";
import { EXAMPLE_CONNECTION, exampleEnvironment } from "../environment";
import { recordComponents } from "../record-components";
import { typingsOf } from "./stand-ins/typings";

/** Milliseconds: three seconds on a machine that does nothing else. */
const RECORDING = 120_000;

/** A remote component's typings are not where its token says. */
const TYPES = Object.keys(REPLACEMENTS).filter((type) => !type.startsWith("awsx:"));

/** Said of endpoints of other types than interface alone, and those have no private DNS. */
const CONDITIONAL = ["aws:ec2/vpcEndpoint:VpcEndpoint privateDnsEnabled"];

interface Property {
  readonly name: string;
  readonly says: string;
}

/** The inputs of a type, each with what its typings say of it. */
function inputsOf(type: string): readonly Property[] {
  const typings = typingsOf(type) ?? "";
  const args = typings.slice(typings.indexOf(`export interface ${type.split(":")[2] ?? ""}Args `));
  const written = args.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {4}(\w+)\??: /gm);
  return [...written].map(([, says = "", name = ""]) => ({ name, says }));
}

describe("the table of what forces a replacement", () => {
  let declared: readonly string[] = [];
  beforeAll(async () => {
    const consumers = { "fleet-planning": { account: "777788889999" } };
    const { settings } = exampleEnvironment("prod", {
      settings: { consumers, connections: { fleet: EXAMPLE_CONNECTION } },
    });
    const environment = decide(settings, readDatasets(join(__dirname, "../../datasets")));
    const { resources } = await recordComponents(environment, () => declarePlatform(environment));
    declared = [...new Set(resources.map(({ type }) => type))];
  }, RECORDING);

  it.for(TYPES)("names inputs that %s really has", (type) => {
    const inputs = inputsOf(type).map(({ name }) => name);
    expect(forcingProperties(type).filter((property) => !inputs.includes(property))).toEqual([]);
  });

  it("has every input of which the SDK's typings say that it forces a new resource", () => {
    const said = [...new Set([...declared, ...TYPES])].flatMap((type) =>
      inputsOf(type)
        .filter(({ says }) => /forces (a )?new resource/i.test(says))
        .map(({ name }) => ({ type, name })),
    );
    expect(said).toContainEqual({ type: "aws:emr/instanceFleet:InstanceFleet", name: "clusterId" });
    const lacking = said.filter(({ type, name }) => !forcingProperties(type).includes(name));
    expect(lacking.map(({ type, name }) => `${type} ${name}`)).toEqual(CONDITIONAL);
  });
});

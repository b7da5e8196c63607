import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment, exampleStream } from "../../tests/environment";
import { dynamodbEndpointPolicy, interfaceEndpointPolicy, s3EndpointPolicy } from "./endpoint-policies";
import { chooseEndpoints, endpointZones } from "./endpoints";

const standing = { spark: { standing: { live: { generations: ["blue"], active: "blue" } } } };
const connections = {
  shop: {
    engine: "postgres",
    host: "db.example.com",
    port: 5432,
    database: "shop",
    cidr: "10.20.3.0/24",
    secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop",
  },
};
const services = (environment: ReturnType<typeof exampleEnvironment>) =>
  chooseEndpoints(environment).map(({ service }) => service);

describe("interface endpoints", () => {
  it("are those of the services that private nodes call", () => {
    expect(services(exampleEnvironment("prod"))).toEqual([
      "logs",
      "monitoring",
      "kms",
      "sts",
      "glue",
      "elasticmapreduce",
      "ssm",
      "ssmmessages",
      "ec2messages",
    ]);
  });

  it("include Kinesis only where a standing cluster reads a stream itself", () => {
    const streams = { datasets: [exampleStream("events")] };
    const files = { datasets: [exampleDataset("places")] };
    expect(services(exampleEnvironment("prod", streams))).not.toContain("kinesis-streams");
    expect(services(exampleEnvironment("prod", { ...files, settings: standing }))).not.toContain("kinesis-streams");
    expect(services(exampleEnvironment("prod", { ...streams, settings: standing }))).toContain("kinesis-streams");
  });

  it("include Secrets Manager only where a source database is declared", () => {
    expect(services(exampleEnvironment("prod"))).not.toContain("secretsmanager");
    expect(services(exampleEnvironment("prod", { settings: { connections } }))).toContain("secretsmanager");
  });

  it("stand in every zone of prod and in one of dev", () => {
    expect(endpointZones(exampleEnvironment("prod").settings)).toBe(3);
    expect(endpointZones(exampleEnvironment("dev").settings)).toBe(1);
  });

  it("serve this account alone, each its own service's actions and no wildcard", () => {
    const environment = exampleEnvironment("prod", { settings: { ...standing, connections } });
    for (const endpoint of chooseEndpoints(environment)) {
      const [statement, ...others] = interfaceEndpointPolicy(environment, endpoint).Statement;
      expect(others).toEqual([]);
      expect(statement?.Condition).toEqual({ StringEquals: { "aws:PrincipalAccount": "111122223333" } });
      expect(new Set([statement?.Action].flat().map((action) => action?.toString().split(":")[0])).size).toBe(1);
      expect(JSON.stringify(statement?.Action)).not.toContain("*");
    }
  });
});

describe("gateway endpoints", () => {
  it("reach this stack's buckets, and beyond them only those from which EMR boots", () => {
    const environment = exampleEnvironment("prod");
    const reached = s3EndpointPolicy(environment).Statement.flatMap(({ Resource }) => Resource ?? []);
    const others = reached.filter((arn) => !arn.includes(":::basin-prod-111122223333-us-east-1-"));
    expect(others).toEqual([
      "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*",
      "arn:aws:s3:::repo.us-east-1.emr.amazonaws.com/*",
      "arn:aws:s3:::aws157-logs-prod/*",
      "arn:aws:s3:::prod.us-east-1.appinfo.src",
      "arn:aws:s3:::prod.us-east-1.appinfo.src/*",
    ]);
    expect(reached).not.toContain("*");
  });

  it("name EMR's log bucket by its region outside us-east-1", () => {
    const environment = exampleEnvironment("prod");
    const settings = { ...environment.settings, region: "eu-west-1" };
    expect(JSON.stringify(s3EndpointPolicy({ ...environment, settings }))).toContain(":::aws157-logs-prod-eu-west-1/*");
  });

  it("reach this stack's tables only", () => {
    const [statement] = dynamodbEndpointPolicy(exampleEnvironment("prod")).Statement;
    expect(statement?.Resource).toBe("arn:aws:dynamodb:us-east-1:111122223333:table/basin-prod-*");
  });
});

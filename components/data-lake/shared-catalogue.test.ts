import { describe, expect, it } from "vitest";
import { exampleDataset, exampleEnvironment } from "../../tests/environment";
import { decide } from "../../tests/policy-decision";
import { catalogResourcePolicy } from "../account-baseline/catalog-policies";
import type { Environment } from "../environment";
import { bucketPolicy } from "./bucket-policy";
import { keyPolicy } from "./key-policy";
import { sharedCatalogueFaults } from "./shared-catalogue";

const READER = "777788889999";
const LAKE = "arn:aws:s3:::basin-prod-111122223333-us-east-1-lake";
const datasets = [exampleDataset("places", { consumers: ["planning"] }), exampleDataset("prices")];
const environmentOf = (consumer: object, settings: object = { ownsAccount: true }): Environment =>
  exampleEnvironment("prod", { datasets, settings: { ...settings, consumers: { planning: consumer } } });
const shared = environmentOf({ account: READER, catalogue: true });
const closed = environmentOf({ account: READER });

const role = (name: string) => ({ "aws:PrincipalArn": `arn:aws:iam::${READER}:role/${name}`, "s3:TlsVersion": "1.3" });
const decided = (environment: Environment, action: string, resource: string, context: Record<string, string> = {}) => {
  const call = {
    principal: { account: READER },
    action,
    resource,
    context: {
      ...role("anybody"),
      "aws:SecureTransport": "true",
      "aws:PrincipalAccount": READER,
      "aws:PrincipalIsAWSService": "false",
      ...context,
    },
  };
  if (action.startsWith("glue:")) return decide(catalogResourcePolicy(environment), call);
  if (action.startsWith("kms:")) return decide(keyPolicy(environment, "lake"), call);
  return decide(bucketPolicy(environment, "lake", "arn:aws:kms:us-east-1:111122223333:key/1"), call);
};
const table = (name: string): string => `arn:aws:glue:us-east-1:111122223333:table/basin_prod_silver/${name}`;
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": LAKE };

describe("a catalogue that is shared with a consumer's account", () => {
  it("lets it find, read and decrypt the tables of the datasets that name it", () => {
    expect(decided(shared, "glue:GetTable", table("places"))).toBe("allow");
    expect(decided(shared, "s3:GetObject", `${LAKE}/silver/places/part-0.parquet`)).toBe("allow");
    expect(decided(shared, "s3:ListBucket", LAKE, { "s3:prefix": "silver/places/_delta_log" })).toBe("allow");
    expect(decided(shared, "kms:Decrypt", "*", throughS3)).toBe("allow");
  });

  it("lets it do nothing else", () => {
    expect(decided(shared, "glue:GetTable", table("prices"))).not.toBe("allow");
    expect(decided(shared, "glue:UpdateTable", table("places"))).not.toBe("allow");
    expect(decided(shared, "s3:GetObject", `${LAKE}/silver/places__rejected/part-0.parquet`)).not.toBe("allow");
    expect(decided(shared, "s3:PutObject", `${LAKE}/silver/places/part-0.parquet`)).not.toBe("allow");
    expect(decided(shared, "s3:ListBucket", LAKE, { "s3:prefix": "" })).not.toBe("allow");
    expect(decided(shared, "kms:Decrypt", "*", { ...throughS3, "kms:EncryptionContext:aws:s3:arn": "other" })).not.toBe(
      "allow",
    );
  });

  it("lets in one role where the settings name one", () => {
    const one = environmentOf({ account: READER, role: "planner", catalogue: true });
    expect(decided(one, "glue:GetTable", table("places"), role("planner"))).toBe("allow");
    expect(decided(one, "glue:GetTable", table("places"), role("other"))).not.toBe("allow");
    expect(decided(one, "s3:GetObject", `${LAKE}/silver/places/a`, role("other"))).not.toBe("allow");
  });

  it("is closed to every account where nobody shares it", () => {
    expect(decided(closed, "glue:GetTable", table("places"))).toBe("deny");
    expect(decided(closed, "s3:GetObject", `${LAKE}/silver/places/a`)).not.toBe("allow");
    expect(decided(closed, "kms:Decrypt", "*", throughS3)).not.toBe("allow");
  });

  it("is refused to a stack that does not have the account's catalogue policy", () => {
    const { settings } = environmentOf({ account: READER, catalogue: true }, {});
    expect(sharedCatalogueFaults(settings, datasets)).toMatchObject([
      { key: "config.basin:consumers.planning.catalogue" },
    ]);
    expect(sharedCatalogueFaults(shared.settings, datasets)).toEqual([]);
  });

  it("is refused for more tables than the policies hold", () => {
    const many = Array.from({ length: 200 }, (_, index) => exampleDataset(`t${index}`, { consumers: ["planning"] }));
    expect(sharedCatalogueFaults(shared.settings, many)).toMatchObject([
      { message: "names more tables than the policies of bucket and catalogue hold" },
    ]);
  });
});

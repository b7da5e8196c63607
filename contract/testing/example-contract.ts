import type { DatasetContract, PlatformContract, ReaderContract } from "../schema";

/** What the tests of contracts and of their consumers start from. */
export const READER: ReaderContract = {
  account: "999900001111",
  roleArn: "arn:aws:iam::111122223333:role/basin-prod-reader-planning",
  externalId: "basin-prod-reader-planning",
  workGroup: "basin-prod-reader-planning",
  versionsBus: "basin-prod-versions-planning",
};

export const FLIGHTS: DatasetContract = {
  owner: "air-traffic",
  description: "Flights.",
  zone: "silver",
  location: "s3://lake/silver/flights/",
  database: "basin_prod_silver",
  table: "flights",
  key: ["id"],
  columns: { id: { type: "int", required: true }, price: { type: "decimal(10,2)", required: false } },
  freshnessSeconds: 3_600,
  readers: { planning: READER },
  versionEvents: '{"source":["aws.s3"]}',
  stream: {
    name: "basin-prod-stream-flights",
    arn: "arn:aws:kinesis:us-east-1:111122223333:stream/basin-prod-stream-flights",
    producerPolicyArn: "arn:aws:iam::111122223333:policy/basin-prod-producer-flights",
    format: "json",
  },
};

export const CONTRACT: PlatformContract = {
  version: 1,
  prefix: "basin",
  stack: "prod",
  environment: "prod",
  accountId: "111122223333",
  region: "us-east-1",
  lakeKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1",
  topics: { alerts: "arn:aws:sns:us-east-1:111122223333:basin-prod-alerts" },
  network: { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], cidr: "10.40.0.0/16" },
  datasets: { flights: FLIGHTS },
};

/** The example with another flights. */
export function withFlights(written: Partial<DatasetContract>): PlatformContract {
  return { ...CONTRACT, datasets: { flights: { ...FLIGHTS, ...written } } };
}

import { NewVersionRule, platform, ReaderRole, VersionsBus } from "@basin-lakehouse/contract";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import contract from "./basin.contract.json";
import { WorkQueue } from "./work-queue";

// The lake, typed by the contract file that is pinned beside this program.
const basin = platform(new pulumi.Config().require("platform"), { contract });
const flights = basin.dataset("flights");
const reader = flights.reader("fleet-planning");

// A function of this account reads flights: its role assumes the platform's reader role.
const role = new ReaderRole("planner", {
  reader,
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
});

// Work is queued whenever the table has a new version.
const bus = new VersionsBus("basin", { platform: basin, reader });
const newFlights = new NewVersionRule("flights", { dataset: flights, bus });
const work = new WorkQueue("work", { account: reader.account, ruleArn: newFlights.rule.arn });
new cloudwatch.EventTarget("work", { ...newFlights.target, arn: work.arn });

/** What this team's own programs are configured with. */
export const planner = {
  roleArn: role.arn,
  assumes: reader.roleArn,
  externalId: reader.externalId,
  workGroup: reader.workGroup,
  query: pulumi.interpolate`select ${flights.column("dep_delay").name} from ${flights.database}.${flights.table}`,
  location: flights.location,
  delayType: flights.column("dep_delay").type,
  queueUrl: work.url,
};

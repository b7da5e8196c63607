import * as athena from "@pulumi/aws/athena";
import * as ec2 from "@pulumi/aws/ec2";
import * as emr from "@pulumi/aws/emr";
import * as glue from "@pulumi/aws/glue";
import * as iam from "@pulumi/aws/iam";
import * as kinesis from "@pulumi/aws/kinesis";
import * as s3 from "@pulumi/aws/s3";

/** What a first attempt looks like that works: every default is taken, and everything is open. */
export function declareBadStack(): void {
  new s3.Bucket("lake", { bucket: "acme-lake", forceDestroy: true });
  const net = new ec2.Vpc("net", { cidrBlock: "10.9.0.0/16" });
  const gateway = new ec2.InternetGateway("out", { vpcId: net.id });
  const table = new ec2.RouteTable("open", {
    vpcId: net.id,
    routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
  });
  const subnet = new ec2.Subnet("data", { vpcId: net.id, cidrBlock: "10.9.0.0/24", mapPublicIpOnLaunch: true });
  new ec2.RouteTableAssociation("data", { subnetId: subnet.id, routeTableId: table.id });
  const everybody = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
  new ec2.SecurityGroup("ssh", { vpcId: net.id, ingress: [everybody] });
  const role = new iam.Role("nodes", {
    assumeRolePolicy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }],
    }),
  });
  new iam.RolePolicyAttachment("nodes", { role: role.name, policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
  new iam.RolePolicy("nodes", {
    role: role.id,
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
  });
  new emr.Cluster("etl", {
    releaseLabel: "emr-7.13.0",
    serviceRole: role.arn,
    ec2Attributes: { subnetId: subnet.id, instanceProfile: role.name, keyName: "mine" },
    masterInstanceGroup: { instanceType: "m5.xlarge", bidPrice: "0.30" },
    coreInstanceGroup: { instanceType: "m5.xlarge", instanceCount: 4, bidPrice: "0.30" },
  });
  new glue.Job("convert", {
    roleArn: role.arn,
    command: { scriptLocation: "s3://acme-lake/convert.py" },
    defaultArguments: { "--db_password": "hunter2" },
  });
  new athena.Workgroup("analysts", {});
  new kinesis.Stream("events", { shardCount: 1 });
}

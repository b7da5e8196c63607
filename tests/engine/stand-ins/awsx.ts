import type * as pulumi from "@pulumi/pulumi";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { exitWithParent } from "./exit-with-parent";
import { versionOf } from "./typings";
import { Vpc, type VpcInputs } from "./vpc";

/** Constructs `awsx:ec2:Vpc`, the one remote component that Basin uses. */
const provider: Provider = {
  version: versionOf("awsx"),
  construct: (name: string, type: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => {
    if (type !== "awsx:ec2:Vpc") throw new Error(`the stand-in for awsx has no ${type}`);
    const vpc = new Vpc(name, inputs as VpcInputs, options);
    return Promise.resolve({ urn: vpc.urn, state: vpc.state });
  },
};

exitWithParent();
void main(provider, process.argv.slice(2));

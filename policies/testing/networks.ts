import type { Subject } from "../rule";
import { subject } from "./subjects";

const COMPONENT = "urn:pulumi:prod::acme::acme:index:Network$awsx:ec2:Vpc";

/** `awsx.ec2.Vpc` as the engine shows it: the component, and beside it the VPC that it is made of. */
export function asEngineShows(props: Record<string, unknown>): { readonly component: Subject; readonly real: Subject } {
  return {
    component: { ...subject("awsx:ec2:Vpc", "net", {}), urn: `${COMPONENT}::net` },
    real: { ...subject("aws:ec2/vpc:Vpc", "net", props), urn: `${COMPONENT}$aws:ec2/vpc:Vpc::net` },
  };
}

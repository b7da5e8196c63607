/** A resource of this platform to which a control does not apply, though the control holds elsewhere in it. */
export interface Exemption {
  /** Numbers of the controls in the table of docs/controls.md. */
  readonly controls: readonly number[];
  readonly resource: string;
  readonly reason: string;
}

/** Read by people in docs/controls.md; `tests/controls.test.ts` holds every other resource to the controls. */
export const EXEMPTIONS: readonly Exemption[] = [
  {
    controls: [2, 3, 4],
    resource: "bucket `access-logs`",
    reason: "S3 delivers access logs under its own keys only; the bucket encrypts with those.",
  },
  {
    controls: [10],
    resource: "bucket `landing`",
    reason:
      "AWS advises users of DMS against versions on its target. Files are copied into raw, which has versions, and expire only once they were.",
  },
  {
    controls: [11],
    resource: "bucket `access-logs`",
    reason: "A bucket that logs its own logging never stops.",
  },
  {
    controls: [17, 84],
    resource: "roles `reader-<consumer>`",
    reason:
      "Consumers in other accounts read by assuming a role here, always with an external id; no bucket grants another account anything.",
  },
  {
    controls: [82],
    resource: "endpoint policies",
    reason:
      "Which resources is for the caller's own policies: an endpoint admits this account's principals and the actions that it is for.",
  },
  {
    controls: [83],
    resource: "roles of EMR (`emr-service-*`) and DMS (`dms-vpc-role`, `dms-cloudwatch-logs-role`)",
    reason: "AWS keeps these policies in step with what its services need, and DMS looks for them.",
  },
  {
    controls: [84],
    resource: "roles `emr-nodes-*`",
    reason:
      "EC2 names no source account when it assumes a node's role: a condition on it would leave nodes without one.",
  },
  {
    controls: [70],
    resource: "nodes of a dev stack with `network.egress: nat`",
    reason: "HTTPS to the internet is what was asked for; prod refuses the setting.",
  },
  {
    controls: [78],
    resource: "interface endpoints of dev",
    reason: "One zone instead of all: each costs by the hour and zone, and when that zone fails, dev waits.",
  },
];

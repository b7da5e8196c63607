import { zoneOf, type Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import type { Settings } from "../../stacks/settings";
import type { Environment } from "../environment";
import { Names } from "../names";
import type { Statement } from "../policy-document";
import { READ_TABLES } from "./read-tables";

type Scope = Pick<Environment, "names" | "settings" | "datasets">;

/** AWS's limits on policies, with room for the statements beside these. */
const LIMITS = { bucket: 18_000, catalogue: 9_000 };

/** A consumer that also reads from its own account, without a role in this one: Athena there queries the catalogue here. */
interface Sharing {
  readonly consumer: string;
  readonly principal: { readonly AWS: string };
  readonly condition: { readonly ArnEquals?: Readonly<Record<string, string>> };
  readonly datasets: readonly Dataset[];
}

function sharingOf({ settings, datasets }: Pick<Scope, "settings" | "datasets">): Sharing[] {
  return Object.entries(settings.consumers).flatMap(([consumer, { account, role, catalogue }]) => {
    const granted = datasets.filter(({ consumers }) => consumers.includes(consumer));
    if (!catalogue || granted.length === 0) return [];
    const condition =
      role === undefined ? {} : { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/${role}` } };
    return [{ consumer, principal: { AWS: `arn:aws:iam::${account}:root` }, condition, datasets: granted }];
  });
}

/** Accounts beside this one that the catalogue does not turn away. */
export function sharingAccounts({ settings }: Pick<Scope, "settings">): string[] {
  return [
    ...new Set(Object.values(settings.consumers).flatMap(({ account, catalogue }) => (catalogue ? [account] : []))),
  ];
}

/** What the catalogue's policy lets such consumers find: the tables of the datasets that name them. */
export function sharedCatalogueStatements(scope: Scope): Statement[] {
  const { names } = scope;
  return sharingOf(scope).map(({ consumer, principal, condition, datasets }) => ({
    Sid: sidOf("Find", consumer),
    Effect: "Allow",
    Principal: principal,
    Action: READ_TABLES,
    Resource: [
      names.arn("glue", "catalog"),
      ...new Set(datasets.map((dataset) => names.arn("glue", `database/${names.database(zoneOf(dataset))}`))),
      ...datasets.map((dataset) => names.arn("glue", `table/${names.database(zoneOf(dataset))}/${dataset.name}`)),
    ],
    Condition: condition,
  }));
}

/** What the lake bucket's policy lets them read: the files of those tables. */
export function sharedBucketStatements(scope: Scope): Statement[] {
  const lake = scope.names.bucketArn("lake");
  return sharingOf(scope).flatMap(({ consumer, principal, condition, datasets }): Statement[] => {
    const paths = datasets.map((dataset) => `${zoneOf(dataset)}/${dataset.name}`);
    const allow = { Effect: "Allow", Principal: principal } as const;
    return [
      {
        Sid: sidOf("Read", consumer),
        ...allow,
        Action: "s3:GetObject",
        Resource: paths.map((path) => `${lake}/${path}/*`),
        Condition: condition,
      },
      {
        Sid: sidOf("List", consumer),
        ...allow,
        Action: "s3:ListBucket",
        Resource: lake,
        Condition: { ...condition, StringLike: { "s3:prefix": paths.flatMap((path) => [path, `${path}/*`]) } },
      },
    ];
  });
}

/** What the lake key's policy lets them decrypt: what S3 reads for them from the lake bucket. */
export function sharedKeyStatements(scope: Scope): Statement[] {
  return sharingOf(scope).map(({ consumer, principal, condition }) => ({
    Sid: sidOf("DecryptTables", consumer),
    Effect: "Allow",
    Principal: principal,
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ...condition,
      StringEquals: {
        "kms:ViaService": `s3.${scope.settings.region}.amazonaws.com`,
        "kms:EncryptionContext:aws:s3:arn": scope.names.bucketArn("lake"),
      },
    },
  }));
}

/** The account's one catalogue policy belongs to the stack that owns the account, and policies have their limits. */
export function sharedCatalogueFaults(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const scope = { settings, datasets, names: new Names(settings) };
  const sharing = sharingOf(scope);
  if (sharing.length === 0) return [];
  const where = `Pulumi.${settings.stack}.yaml`;
  const key = `config.basin:consumers.${sharing.map(({ consumer }) => consumer).join(", ")}.catalogue`;
  if (!settings.ownsAccount) {
    const message = "is for the stack that has the account's catalogue policy";
    return [{ where, key, message, found: true, allowed: "ownsAccount: true, or the reader role alone" }];
  }
  const bucket = JSON.stringify(sharedBucketStatements(scope)).length;
  const catalogue = JSON.stringify(sharedCatalogueStatements(scope)).length;
  if (bucket <= LIMITS.bucket && catalogue <= LIMITS.catalogue) return [];
  const message = "names more tables than the policies of bucket and catalogue hold";
  return [{ where, key, message, allowed: "fewer datasets or consumers; the reader role has no such limit" }];
}

/** `fleet-planning` → `FindFleetPlanning`: a Sid is of letters and digits. */
function sidOf(what: string, consumer: string): string {
  return (
    what + consumer.replace(/(?:^|-)([a-z0-9]*)/g, (_, part: string) => part.charAt(0).toUpperCase() + part.slice(1))
  );
}

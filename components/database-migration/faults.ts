import type { Dataset } from "../../declarations/dataset";
import type { Fault } from "../../declarations/faults";
import type { Settings } from "../../stacks/settings";
import { isDatabase } from "./replication";

/** Tasks that one replication instance takes. Source: DMS quotas. */
const MOST_TASKS = 200;

/** What keeps a source's tables from coming in, as far as settings and datasets say it. */
export function migrationFaults(settings: Settings, datasets: readonly Dataset[]): Fault[] {
  const databases = datasets.filter(isDatabase);
  const where = `Pulumi.${settings.stack}.yaml`;
  const faults: Fault[] = [];
  const owners = new Map<string, string>();
  for (const { name, file, source } of databases) {
    const table = `${source.connection}/${source.table}`;
    const owner = owners.get(table);
    // Both tasks would write the same files.
    if (owner !== undefined) {
      const message = `is the source of ${owner} already: two replications of one table write the same files`;
      faults.push({ where: file, key: "source.table", message, found: source.table, allowed: "another table" });
    }
    owners.set(table, owner ?? name);
  }
  for (const [name, { capacity, caCertificateArn }] of Object.entries(settings.connections)) {
    const tables = databases.filter(({ source }) => source.connection === name).length;
    const key = `config.basin:connections.${name}`;
    if (tables > 0 && caCertificateArn === undefined) {
      const message = "is needed: without its authority's certificate a source's identity cannot be checked";
      const allowed = "the ARN of a certificate that was imported into DMS";
      faults.push({ where, key: `${key}.caCertificateArn`, message, allowed });
    }
    if (capacity === "instance" && tables > MOST_TASKS) {
      const message = `has ${tables} tables, each a task of its own, and a replication instance takes ${MOST_TASKS}`;
      faults.push({ where, key, message, allowed: "capacity: serverless, or a second connection to the same source" });
    }
  }
  return faults;
}

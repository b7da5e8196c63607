import { xlargesOf } from "../../components/database-migration/instance";
import { parseInstance } from "../instances";
import { fixed, HOURS_A_MONTH, NOTHING, type BillScope, type Line, type Priced, type PricedResource } from "./line";

/** Of an instance of DMS to that of EC2 of the same size. Estimate: AWS's price file of DMS is not at hand. */
const OVER_EC2 = 1.6;
/** The spare in a second zone is billed like the first. */
const ZONES = { single: 1, several: 2 } as const;

/** A replication instance's hours: it stands, whatever changes. */
export function replicationInstanceLines({ prices }: BillScope, resource: PricedResource): Priced {
  const { replicationInstanceClass, multiAz } = resource.inputs;
  const instanceClass = String(replicationInstanceClass);
  const description = `replication instance ${instanceClass}`;
  const zones = multiAz === true ? ZONES.several : ZONES.single;
  const line = {
    resource,
    service: "DMS",
    description: multiAz === true ? `${description} in two zones` : description,
    unit: "hours",
    quantity: fixed(HOURS_A_MONTH * zones),
  } as const;
  const unknown = ["DMS: disks of replication instances, and traffic from sources"];
  const xlarges = xlargesOf(instanceClass);
  const family = parseInstance(`${instanceClass.split(".")[1] ?? ""}.xlarge`)?.family ?? "";
  const hour = prices.xlargeHour[family];
  if (xlarges === undefined) return { lines: [{ ...line, price: "dms-t3-medium-hour" }], unknown };
  if (hour === undefined) return { lines: [], unknown: [...unknown, `${description}: no price of EC2's ${family}`] };
  const price: Line["price"] = {
    value: hour * xlarges * OVER_EC2,
    date: prices.xlargeDate,
    source: `${prices.xlargeSource} × ${OVER_EC2} (estimate)`,
  };
  return { lines: [{ ...line, price }], unknown };
}

/** Capacity units come and go with the changes, and their price is not in the file. */
export function serverlessReplicationLines(_scope: BillScope, { inputs }: PricedResource): Priced {
  return inputs.startReplication === true
    ? { lines: [], unknown: ["DMS: hours of serverless replications' capacity units"] }
    : NOTHING;
}

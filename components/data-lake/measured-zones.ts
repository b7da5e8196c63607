import type { BucketRole } from "../names";

/** Zones whose requests are measured apart, by bucket: name of the filter → prefix, none for the whole bucket. */
const MEASURED: Readonly<Partial<Record<BucketRole, Readonly<Record<string, string | undefined>>>>> = {
  landing: { landing: undefined },
  raw: { raw: undefined },
  lake: { silver: "silver/", gold: "gold/" },
};

export interface MeasuredZone {
  readonly bucket: BucketRole;
  /** Name of the filter. */
  readonly zone: string;
  readonly prefix?: string;
}

/** All of them, or those of one bucket. */
export function measuredZones(only?: BucketRole): MeasuredZone[] {
  const buckets = Object.entries(MEASURED) as [BucketRole, Readonly<Record<string, string | undefined>>][];
  return buckets
    .filter(([bucket]) => only === undefined || bucket === only)
    .flatMap(([bucket, zones]) =>
      Object.entries(zones).map(([zone, prefix]) => ({ bucket, zone, ...(prefix === undefined ? {} : { prefix }) })),
    );
}

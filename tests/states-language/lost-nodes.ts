/** What EMR lists of instances that are gone: so many that Spot took away, among others that went for other reasons. */
export function lostNodes(count: number): unknown[] {
  const reclaimed = { State: "TERMINATED", StateChangeReason: { Code: "INSTANCE_FAILURE" } };
  const givenBack = { State: "TERMINATED", StateChangeReason: { Code: "CLUSTER_TERMINATED" } };
  return [
    ...Array.from({ length: count }, () => ({ Market: "SPOT", Status: reclaimed })),
    { Market: "SPOT", Status: givenBack },
    { Market: "ON_DEMAND", Status: reclaimed },
  ];
}

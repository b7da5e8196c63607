import { object, objects } from "../reading";
import type { Props } from "../rule";

/** Spark's configuration out of a cluster's classifications: `spark-defaults` and `delta-defaults` together. */
export function sparkProperties(request: Props): Props {
  const parts = objects(request.Configurations)
    .filter(({ Classification }) => Classification === "spark-defaults" || Classification === "delta-defaults")
    .map(({ Properties }) => object(Properties));
  return Object.assign({}, ...parts) as Props;
}

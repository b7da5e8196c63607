import { AccountBaseline } from "../components/account-baseline/index";
import { Catalog } from "../components/catalog/index";
import { DataLake } from "../components/data-lake/index";
import type { Environment } from "../components/environment";
import { Network } from "../components/network/index";
import { Observability } from "../components/observability/index";
import { StreamIngest } from "../components/stream-ingest/index";
import { recordComponents, type Recorded } from "./record-components";

/** Everything that stands before the first cluster does. */
export function recordGround(environment: Environment): Promise<Recorded> {
  return recordComponents(environment, () => {
    const lake = new DataLake("lake", { environment });
    new Network("network", { environment, lake });
    new Catalog("catalog", { environment, lake });
    new StreamIngest("ingest", { environment, lake });
    new Observability("observability", { environment, lake });
    if (environment.settings.ownsAccount) new AccountBaseline("account", { environment });
  });
}

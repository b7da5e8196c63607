import type { Terminal } from "../terminal";
import type { Clients, LocalAws } from "./aws/clients";
import type { Cleanup } from "./cleanup";
import type { Ledger } from "./intake/ledger";
import type { MachineSize } from "./machine-size";
import type { LocalPlatform } from "./platform";
import type { StateFolder } from "./state/state-folder";
import type { Toolchain } from "./toolchain";

/** Everything that the parts of a run share. */
export interface LocalRun {
  readonly platform: LocalPlatform;
  readonly toolchain: Toolchain;
  readonly state: StateFolder;
  readonly aws: LocalAws;
  readonly clients: Clients;
  readonly ledger: Ledger;
  readonly machine: MachineSize;
  readonly cleanup: Cleanup;
  readonly terminal: Terminal;
}

import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { InputError } from "../../../declarations/faults";

export const LOOPBACK = "127.0.0.1";
export const PORT_VARIABLE = "BASIN_LOCAL_PORT";

/**
 * The port for the local AWS: the one that `BASIN_LOCAL_PORT` asks for, else any that is free.
 *
 * @throws InputError when the wanted port is not a port, or in use.
 */
export async function choosePort(wanted = process.env[PORT_VARIABLE], where = PORT_VARIABLE): Promise<number> {
  if (wanted === undefined || wanted === "") return await tryPort(0);
  const port = Number(wanted);
  if (!/^\d+$/.test(wanted) || port < 1 || port > 65_535) {
    throw new InputError([{ where, message: "is not a port", found: wanted, allowed: "1 to 65535" }]);
  }
  try {
    return await tryPort(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === "EADDRINUSE" ? "is in use by another program" : `cannot be opened: ${(error as Error).message}`;
    const allowed = `a free port, or no ${where} at all`;
    throw new InputError([{ where, message, found: port, allowed }]);
  }
}

/** Opens and closes the port once; 0 lets the system choose. */
async function tryPort(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, "listening");
  const chosen = (server.address() as AddressInfo).port;
  server.close();
  await once(server, "close");
  return chosen;
}

import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { choosePort, LOOPBACK } from "./port";

test("a wanted port that another program uses is refused by its number", async () => {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await expect(choosePort(String(port))).rejects.toThrow(
    `BASIN_LOCAL_PORT: is in use by another program; found ${port}`,
  );
  server.close();
});

test.each(["0", "65536", "http", "80.5", "-1"])("%s is not a port", async (wanted) => {
  await expect(choosePort(wanted)).rejects.toThrow("BASIN_LOCAL_PORT: is not a port");
});

test("without a wish, any free port will do", async () => {
  expect(await choosePort("")).toBeGreaterThan(1023);
});

import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { exampleEnvironment } from "../../tests/environment";
import { largestFleet, layoutVpc, networkFaults, nodeAddresses } from "./layout";

function fleet(maxUnits: number, weights: readonly number[] = [1]) {
  const types = weights.map((weight) => ({ type: `m5.${weight}`, weight }));
  return { onDemandUnits: 0, spotUnits: 0, maxUnits, types };
}

function cluster(nodes: number) {
  return { primary: fleet(1), core: fleet(nodes - 1), task: undefined };
}

function settingsWith(network: Record<string, unknown>, environment: "dev" | "prod" = "prod") {
  return exampleEnvironment(environment, { settings: { network } }).settings;
}

/** First and last address of a network, as numbers. */
function range(cidr: string): [number, number] {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const first = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return [first, first + 2 ** (32 - prefix) - 1];
}

const vpcs = fc
  .record({
    prefix: fc.integer({ min: 16, max: 25 }),
    zones: fc.integer({ min: 2, max: 3 }),
    block: fc.nat({ max: 2 ** 16 }),
  })
  .map(({ prefix, zones, block }) => {
    const first = 10 * 2 ** 24 + (block % 2 ** (prefix - 8)) * 2 ** (32 - prefix);
    const text = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
    return { cidr: `${text}/${prefix}`, zones, egress: "none" as const };
  });

describe("the VPC's layout", () => {
  it("puts the subnets of a /16 where awsx does", () => {
    const layout = layoutVpc({ cidr: "10.20.0.0/16", zones: 3, egress: "none" });
    expect(layout).toEqual({
      zonePrefix: 18,
      dataPrefix: 19,
      egressPrefix: undefined,
      dataSubnets: ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"],
    });
  });

  it("keeps every subnet inside the VPC and apart from the others", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const [first, last] = range(vpc.cidr);
        const subnets = layoutVpc(vpc).dataSubnets.map(range);
        expect(subnets).toHaveLength(vpc.zones);
        subnets.forEach(([start, end], index) => {
          expect(start).toBeGreaterThanOrEqual(first);
          expect(end).toBeLessThanOrEqual(last);
          if (index > 0) expect(start).toBeGreaterThan(subnets[index - 1]?.[1] ?? Infinity);
        });
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    const two = layoutVpc({ cidr: "10.20.0.0/16", zones: 2, egress: "none" });
    const three = layoutVpc({ cidr: "10.20.0.0/16", zones: 3, egress: "none" });
    expect(three.dataSubnets.slice(0, 2)).toEqual(two.dataSubnets);
    expect(three.zonePrefix).toBe(two.zonePrefix);
  });
});

describe("the largest fleet", () => {
  it("counts every cluster at its maximum, on the smallest of its types", () => {
    const clusters = [
      { primary: fleet(1), core: fleet(8, [2, 4]), task: fleet(30, [4, 8]) },
      { primary: fleet(3), core: fleet(2), task: undefined },
    ];
    expect(largestFleet(clusters)).toBe(1 + 4 + 8 + 3 + 2);
  });

  it("fits into one zone, or is refused with the prefix that would do", () => {
    fc.assert(
      fc.property(vpcs, fc.integer({ min: 2, max: 8_000 }), ({ cidr, zones }, nodes) => {
        const [fault] = networkFaults(settingsWith({ cidr, zones }), [cluster(nodes)]);
        const prefix = Number(cidr.split("/")[1]);
        expect(fault === undefined).toBe(nodeAddresses(prefix) >= nodes);
        if (fault === undefined) return;
        expect(fault).toMatchObject({ where: "Pulumi.prod.yaml", key: "config.basin:network.cidr", found: cidr });
        const fitting = Number(/^\/(\d+) or larger$/.exec(fault.allowed ?? "")?.[1]);
        expect(nodeAddresses(fitting)).toBeGreaterThanOrEqual(nodes);
        expect(nodeAddresses(fitting + 1)).toBeLessThan(nodes);
      }),
    );
  });

  it("that no VPC holds is answered with the setting that limits it", () => {
    const [fault] = networkFaults(settingsWith({ cidr: "10.0.0.0/16" }), [cluster(9_000)]);
    expect(fault?.message).toContain("8155 addresses for nodes in a zone, and the largest fleet has 9000 nodes");
    expect(fault?.allowed).toContain("config.basin:spark.maxVcpus");
  });
});

describe("the network's settings", () => {
  it.each(["10.0.0.0/15", "10.0.0.0/26"])("refuse %s, which no VPC may have or no subnet could divide", (cidr) => {
    expect(networkFaults(settingsWith({ cidr }), [])).toMatchObject([{ allowed: "a prefix from /16 to /25" }]);
  });

  it("refuse a way to a network that another way, or the VPC itself, already covers", () => {
    const network = {
      cidr: "10.20.0.0/16",
      transitGateway: { id: "tgw-0123456789abcdef0", routes: ["10.20.8.0/24", "172.16.0.0/12"] },
      peering: [
        { vpcId: "vpc-0123456789abcdef0", cidr: "172.20.0.0/16" },
        { vpcId: "vpc-0123456789abcdef1", cidr: "192.168.0.0/16" },
      ],
    };
    expect(networkFaults(settingsWith(network), [])).toMatchObject([
      { key: "config.basin:network.transitGateway.routes[0]", found: "10.20.8.0/24" },
      { key: "config.basin:network.peering[0].cidr", allowed: "a network apart from 172.16.0.0/12" },
    ]);
  });

  it("refuse a source database to whose network no way leads", () => {
    const network = {
      cidr: "10.20.0.0/16",
      transitGateway: { id: "tgw-0123456789abcdef0", routes: ["172.16.0.0/12"] },
    };
    const source = (cidr: string) => ({
      engine: "postgres",
      host: "db.example.com",
      port: 5432,
      database: "shop",
      cidr,
      secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop",
    });
    const connections = {
      near: source("10.20.3.0/24"),
      far: source("172.16.9.0/24"),
      lost: source("10.99.0.0/24"),
      wider: source("172.0.0.0/8"),
    };
    const { settings } = exampleEnvironment("prod", { settings: { network, connections } });
    expect(networkFaults(settings, [])).toMatchObject([
      { key: "config.basin:connections.lost.cidr", found: "10.99.0.0/24" },
      { key: "config.basin:connections.wider.cidr", found: "172.0.0.0/8" },
    ]);
  });

  it("refuse a NAT gateway in prod and allow it in dev", () => {
    const network = { cidr: "10.20.0.0/16", egress: "nat" };
    expect(networkFaults(settingsWith(network, "prod"), [])).toMatchObject([{ key: "config.basin:network.egress" }]);
    expect(networkFaults(settingsWith(network, "dev"), [])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { GROUP_DESCRIPTIONS, securityRules, type SecurityRule } from "./security-rules";

const EC2_DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

const SOURCES = { shop: { cidr: "172.16.9.0/24", port: 5432 }, till: { cidr: "10.1.0.0/16", port: 1521 } };

const isOpen = ({ peer }: SecurityRule) => "cidr" in peer;

describe("security rules", () => {
  it("open nothing to the world, in or out", () => {
    expect(securityRules("none").filter(isOpen)).toEqual([]);
  });

  it("let nodes out to the internet by HTTPS alone, where a NAT gateway was chosen", () => {
    const open = securityRules("nat").filter(isOpen);
    expect(open.map(({ group, direction, ports }) => [group, direction, ports])).toEqual([
      ["primary", "egress", [443, 443]],
      ["core", "egress", [443, 443]],
    ]);
  });

  it("let nobody into interface endpoints but nodes, and those by HTTPS", () => {
    const rules = securityRules("none").filter(({ group }) => group === "endpoints");
    expect(rules.map(({ direction, peer, ports }) => [direction, peer, ports])).toEqual([
      ["ingress", { group: "primary" }, [443, 443]],
      ["ingress", { group: "core" }, [443, 443]],
    ]);
  });

  it("let DMS alone reach the declared sources, each on its own port, and nobody reach DMS", () => {
    const rules = securityRules("none", SOURCES);
    const outside = rules
      .filter(isOpen)
      .map(({ id, group, direction, peer, ports }) => [id, group, direction, peer, ports]);
    expect(outside).toEqual([
      ["migration-to-source-shop", "migration", "egress", { cidr: "172.16.9.0/24" }, [5432, 5432]],
      ["migration-to-source-till", "migration", "egress", { cidr: "10.1.0.0/16" }, [1521, 1521]],
    ]);
    const own = rules.filter(({ group }) => group === "migration");
    expect(own.filter(({ direction }) => direction === "ingress")).toEqual([]);
    expect(own.filter((rule) => !isOpen(rule)).map(({ peer, ports }) => [peer, ports])).toEqual([
      [{ group: "endpoints" }, [443, 443]],
      [{ prefixList: "s3" }, [443, 443]],
    ]);
  });

  it("name no group of migrations where no source is declared: there is none", () => {
    expect(securityRules("none").filter((rule) => JSON.stringify(rule).includes("migration"))).toEqual([]);
  });

  it("have both ends: what one group may send, the other takes", () => {
    const between = securityRules("none", SOURCES).filter(({ peer }) => "group" in peer);
    for (const rule of between.filter(({ direction }) => direction === "egress")) {
      const answers = between.filter(
        (other) =>
          other.direction === "ingress" &&
          "group" in rule.peer &&
          other.group === rule.peer.group &&
          "group" in other.peer &&
          other.peer.group === rule.group &&
          (rule.protocol === "-1" || String(other.ports) === String(rule.ports)),
      );
      expect(answers, rule.id).not.toHaveLength(0);
    }
  });

  it("contain every inbound rule that EMR would add to its groups in a private subnet", () => {
    const inbound = securityRules("none").filter(({ direction }) => direction === "ingress");
    const has = (group: string, from: string, protocol: string, ports: readonly number[]) =>
      inbound.some(
        (rule) =>
          rule.group === group &&
          "group" in rule.peer &&
          rule.peer.group === from &&
          rule.protocol === protocol &&
          String(rule.ports) === String(ports),
      );
    for (const node of ["primary", "core"]) {
      for (const other of ["primary", "core"]) {
        expect(has(node, other, "tcp", [0, 65_535])).toBe(true);
        expect(has(node, other, "udp", [0, 65_535])).toBe(true);
        expect(has(node, other, "icmp", [-1, -1])).toBe(true);
      }
      expect(has(node, "serviceAccess", "tcp", [8443, 8443])).toBe(true);
    }
    expect(has("serviceAccess", "primary", "tcp", [9443, 9443])).toBe(true);
  });

  it("are told apart, described, and within EC2's 60 a group and direction", () => {
    const rules = securityRules("nat", SOURCES);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const text of [...rules.map(({ description }) => description), ...Object.values(GROUP_DESCRIPTIONS)]) {
      expect(text).toMatch(EC2_DESCRIPTION);
    }
    const counts = rules.map(({ group, direction }) => `${group} ${direction}`);
    for (const place of new Set(counts)) expect(counts.filter((other) => other === place).length).toBeLessThan(60);
  });
});

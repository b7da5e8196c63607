import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { policiesOf } from "./crossguard";
import { readExceptions } from "./read-exceptions";
import { RULES } from "./rules";

/** The stack's own configuration: the engine hands it to the pack as well as to the program. */
const config = new pulumi.Config("basin");

new PolicyPack("basin", {
  description: "Data platforms: encryption, placement, access, resilience, lake and cost.",
  policies: policiesOf(RULES, {
    // A stack that does not say what it is is judged as strictly as production.
    environment: config.get("environment") === "dev" ? "dev" : "prod",
    ...readExceptions(
      config.getObject("exceptions"),
      RULES.map(({ name }) => name),
    ),
    today: new Date().toISOString().slice(0, 10),
  }),
});

import { shapes, type Fixtures } from "../testing/fixtures";
import { lakeFormationDefaults, lakeFormationGrant, lakeFormationPassOn } from "./lake-formation";

export const fixtures: readonly Fixtures[] = [
  shapes(lakeFormationGrant, "the grant is to everybody whom IAM lets in, so Lake Formation decides nothing", {
    passing: { "a role": { principal: "arn:aws:iam::111122223333:role/reader" } },
    failing: { everybody: { principal: "IAM_ALLOWED_PRINCIPALS" }, nobody: {} },
  }),
  shapes(lakeFormationPassOn, "whoever has the grant may give it to others", {
    passing: { "no option": { permissions: ["SELECT"] } },
    failing: { "an option": { permissionsWithGrantOptions: ["SELECT"] } },
  }),
  shapes(lakeFormationDefaults, "new databases or tables are open to everybody whom IAM lets in", {
    passing: {
      none: {},
      "a grant of nothing": { createDatabaseDefaultPermissions: [{ permissions: [], principal: "x" }] },
    },
    failing: {
      databases: { createDatabaseDefaultPermissions: [{ permissions: ["ALL"], principal: "IAM_ALLOWED_PRINCIPALS" }] },
      tables: { createTableDefaultPermissions: [{ permissions: ["ALL"], principal: "IAM_ALLOWED_PRINCIPALS" }] },
    },
  }),
];

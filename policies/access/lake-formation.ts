import { propertyRule } from "../property-rule";
import { list, object, objects, texts } from "../reading";

/** The group that means "whoever IAM lets in": granting to it turns Lake Formation off. */
const EVERYBODY = "IAM_ALLOWED_PRINCIPALS";

export const lakeFormationGrant = propertyRule({
  name: "lakeformation-grant",
  group: "access",
  description: "Lake Formation's grants name who gets them.",
  enforcement: "mandatory",
  types: ["aws:lakeformation/permissions:Permissions"],
  value: (props) => props.principal,
  holds: (value) => value !== EVERYBODY && value !== undefined,
  message: "the grant is to everybody whom IAM lets in, so Lake Formation decides nothing",
  fix: "principal: role.arn",
});

export const lakeFormationPassOn = propertyRule({
  name: "lakeformation-grant-option",
  group: "access",
  description: "Nobody may pass his grant on.",
  enforcement: "advisory",
  types: ["aws:lakeformation/permissions:Permissions"],
  value: (props) => props.permissionsWithGrantOptions,
  holds: (value) => list(value).length === 0,
  message: "whoever has the grant may give it to others",
  fix: "permissionsWithGrantOptions: undefined",
});

export const lakeFormationDefaults = propertyRule({
  name: "lakeformation-default-permissions",
  group: "access",
  description: "A new database or table is open to nobody.",
  enforcement: "mandatory",
  types: ["aws:lakeformation/dataLakeSettings:DataLakeSettings"],
  value: (props) => [
    ...objects(props.createDatabaseDefaultPermissions),
    ...objects(props.createTableDefaultPermissions),
  ],
  holds: (value) => objects(value).every((grant) => texts(object(grant).permissions).length === 0),
  message: "new databases or tables are open to everybody whom IAM lets in",
  fix: "createDatabaseDefaultPermissions: [], createTableDefaultPermissions: []",
});

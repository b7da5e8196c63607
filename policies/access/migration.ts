import { propertyRule } from "../property-rule";
import { object, text } from "../reading";
import type { Props } from "../rule";

/** Settings that may leave out a sign-in, by engine. The other engines refuse a connection without one. */
const SIGN_IN: Readonly<Record<string, (props: Props) => unknown>> = {
  docdb: ({ mongodbSettings }) => object(mongodbSettings).authType ?? "password",
  mongodb: ({ mongodbSettings }) => object(mongodbSettings).authType ?? "password",
  redis: ({ redisSettings }) => object(redisSettings).authType,
};
const NOBODY = ["no", "none"];

export const migrationSignIn = propertyRule({
  name: "dms-endpoint-sign-in",
  group: "access",
  description: "DMS signs in to MongoDB and Redis.",
  enforcement: "mandatory",
  types: ["aws:dms/endpoint:Endpoint"],
  applies: ({ engineName }) => (text(engineName) ?? "") in SIGN_IN,
  value: (props) => SIGN_IN[text(props.engineName) ?? ""]?.(props),
  holds: (value) => !NOBODY.includes(text(value) ?? "none"),
  message: "whoever reaches the database reads it: nobody has to sign in",
  fix: 'mongodbSettings: { authType: "password", … }, redisSettings: { authType: "auth-token", … }',
});

import { shapes, type Fixtures } from "../testing/fixtures";
import { migrationSignIn } from "./migration";

export const fixtures: readonly Fixtures[] = [
  shapes(migrationSignIn, "whoever reaches the database reads it: nobody has to sign in", {
    passing: {
      "MongoDB's default": { engineName: "mongodb" },
      "a token": { engineName: "redis", redisSettings: { authType: "auth-token" } },
      "a database that never goes without": { engineName: "postgres", mongodbSettings: { authType: "no" } },
    },
    failing: {
      "MongoDB without": { engineName: "mongodb", mongodbSettings: { authType: "no" } },
      "DocumentDB without": { engineName: "docdb", mongodbSettings: { authType: "no" } },
      "Redis without": { engineName: "redis", redisSettings: { authType: "none" } },
      "nothing said of Redis": { engineName: "redis" },
      "another form": { engineName: "redis", redisSettings: { authType: true } },
    },
  }),
];

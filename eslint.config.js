"use strict";

const { defineConfig } = require("eslint/config");
const prettier = require("eslint-config-prettier/flat");
const tseslint = require("typescript-eslint");

// A whole-module import of the AWS provider makes every type check read all of it: 471 MB instead of 254.
const WHOLE_PROVIDER = { name: "@pulumi/aws", message: 'Import the service: import * as s3 from "@pulumi/aws/s3".' };

module.exports = defineConfig(
  { ignores: ["**/node_modules/", ".basin/", "contract/dist/", "examples/*/bin/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      "no-restricted-imports": ["error", { paths: [WHOLE_PROVIDER] }],
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "as" }],
      // `() => stop()` reads better than braces around one call.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Numbers in messages and names are meant; objects are what the rule is for.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      eqeqeq: "error",
    },
  },
  {
    // Their own tsconfig.json is for where the package is installed; here its name leads to the folder.
    files: ["examples/**/*.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.json" } },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.mts"],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: "error", "no-undef": "off", "@typescript-eslint/no-unused-vars": "error" },
  },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs" } },
  prettier,
);

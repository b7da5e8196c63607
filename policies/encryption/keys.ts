import { isTrue, propertyRule } from "../property-rule";
import { number, text } from "../reading";

const KEY = ["aws:kms/key:Key"];
const SYMMETRIC = "SYMMETRIC_DEFAULT";

export const keyRotation = propertyRule({
  name: "kms-key-rotation",
  group: "encryption",
  description: "A symmetric key rotates every year.",
  enforcement: "mandatory",
  types: KEY,
  // KMS cannot rotate asymmetric keys and those whose material is imported.
  applies: (props) => (text(props.customerMasterKeySpec) ?? SYMMETRIC) === SYMMETRIC,
  value: (props) => props.enableKeyRotation,
  holds: isTrue,
  message: "the key never rotates",
  fix: "enableKeyRotation: true",
});

export const keyEnabled = propertyRule({
  name: "kms-key-enabled",
  group: "encryption",
  description: "A key that is declared can be used.",
  enforcement: "mandatory",
  types: KEY,
  value: (props) => props.isEnabled ?? true,
  holds: isTrue,
  message: "the key is disabled: whatever it encrypts cannot be read",
  fix: "isEnabled: true",
});

/** With the key goes everything under it: the longest wait that KMS offers is the time to notice. */
const LONGEST_WINDOW = 30;

export const keyDeletionWindow = propertyRule({
  name: "kms-key-deletion-window",
  group: "encryption",
  description: "A key that is deleted can be had back for 30 days.",
  enforcement: "mandatory",
  types: KEY,
  limits: { days: { default: LONGEST_WINDOW, description: "The fewest days that a deleted key waits." } },
  value: (props) => props.deletionWindowInDays ?? LONGEST_WINDOW,
  holds: (value, _, { days = LONGEST_WINDOW }) => (number(value) ?? 0) >= days,
  message: "the key is gone for good sooner than it must be",
  fix: "deletionWindowInDays: 30",
});

export const keyPolicyGiven = propertyRule({
  name: "kms-key-policy",
  group: "encryption",
  description: "A key has a policy of its own, not the default that leaves it to every IAM administrator.",
  enforcement: "mandatory",
  types: KEY,
  value: (props) => props.policy,
  holds: (value) => text(value) !== undefined,
  message: "the key has no policy of its own",
  fix: 'policy: JSON.stringify({ Version: "2012-10-17", Statement: [ … ] })',
});

export const keyLockoutCheck = propertyRule({
  name: "kms-key-lockout-check",
  group: "encryption",
  description: "The check that a key policy locks nobody out is left on.",
  enforcement: "mandatory",
  types: KEY,
  value: (props) => props.bypassPolicyLockoutSafetyCheck,
  holds: (value) => value === undefined || value === false,
  message: "the key's policy may lock out those who manage it",
  fix: "bypassPolicyLockoutSafetyCheck: false",
});

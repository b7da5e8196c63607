import { shapes, type Fixtures } from "../testing/fixtures";
import { keyDeletionWindow, keyEnabled, keyLockoutCheck, keyPolicyGiven, keyRotation } from "./keys";

export const fixtures: readonly Fixtures[] = [
  shapes(keyRotation, "the key never rotates", {
    passing: { rotating: { enableKeyRotation: true }, "an asymmetric key": { customerMasterKeySpec: "RSA_2048" } },
    failing: { "nothing said": {}, off: { enableKeyRotation: false }, "a text": { enableKeyRotation: "true" } },
  }),
  shapes(keyEnabled, "the key is disabled: whatever it encrypts cannot be read", {
    passing: { "nothing said": {}, enabled: { isEnabled: true } },
    failing: { disabled: { isEnabled: false } },
  }),
  shapes(keyDeletionWindow, "the key is gone for good sooner than it must be", {
    passing: { "KMS's default": {}, "30 days": { deletionWindowInDays: 30 } },
    failing: { "a week": { deletionWindowInDays: 7 }, "no number": { deletionWindowInDays: "soon" } },
  }),
  shapes(keyPolicyGiven, "the key has no policy of its own", {
    passing: { "a policy": { policy: '{"Statement":[]}' } },
    failing: { none: {}, empty: { policy: "" } },
  }),
  shapes(keyLockoutCheck, "the key's policy may lock out those who manage it", {
    passing: { "nothing said": {}, off: { bypassPolicyLockoutSafetyCheck: false } },
    failing: { bypassed: { bypassPolicyLockoutSafetyCheck: true } },
  }),
];

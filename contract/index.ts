export { SharedCatalogue, type SharedCatalogueArgs } from "./athena";
export { DatasetReference, type ColumnReference, type ReaderReference, type StreamReference } from "./dataset";
export type { PinnedContract } from "./pinned";
export { platform, Platform, type PlatformOptions } from "./platform";
export { ContractError, readContract } from "./read";
export { ReaderPolicy, ReaderRole, type ReaderPolicyArgs, type ReaderRoleArgs } from "./reader-role";
export { CONTRACT_VERSION, platformContract } from "./schema";
export type { ColumnContract, DatasetContract, PlatformContract, ReaderContract } from "./schema";
export { NewVersionRule, VersionsBus, type NewVersionRuleArgs, type VersionsBusArgs } from "./versions";

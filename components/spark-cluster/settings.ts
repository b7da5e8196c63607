import { z } from "zod";
import { LABEL, LABEL_FORM } from "../../declarations/identifiers";

const generation = z.enum(["blue", "green"]);

const standingCluster = z
  .strictObject({ generations: z.array(generation).min(1).max(2), active: generation })
  .refine((cluster) => cluster.generations.includes(cluster.active), {
    path: ["active"],
    message: "is not one of generations",
  });

/** Sizes that a person sets against what `capacity/` computes. The plan shows them as overrides. */
const overrides = z.strictObject({
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9]+\.[a-z0-9]+$/, "not an instance type; allowed: as r6gd.4xlarge"))
    .min(1)
    .optional(),
  coreNodes: z.int().min(1).optional(),
  taskNodes: z.int().min(0).optional(),
  executorCores: z.int().min(1).max(16).optional(),
  executorMemoryGiB: z.number().positive().optional(),
  shufflePartitions: z.int().min(1).optional(),
});

/** How Spark's machines are bought and sized. */
export const sparkSettings = z
  .strictObject({
    release: z
      .string()
      .regex(/^emr-(spark-)?\d+\.\d+\.\d+$/, "not an EMR release; allowed: as emr-7.13.0")
      .default("emr-7.13.0"),
    families: z
      .array(z.string().regex(/^[a-z]+\d[a-z0-9-]*$/, "not an instance family; allowed: as r6gd"))
      .min(1)
      .optional(),
    architectures: z
      .array(z.enum(["x86_64", "arm64"]))
      .min(1)
      .default(["x86_64"])
      .describe("Architectures that instance types may have."),
    spotShare: z.number().min(0).max(1).default(0.8),
    spotDiscount: z.number().min(0).max(0.95).default(0.6).describe("Share of the on-demand price that Spot saves."),
    maxVcpus: z.int().min(4).optional().describe("The most vCPUs that all clusters together may have."),
    headroom: z.number().min(0).max(4).default(0.3),
    calibration: z
      .string()
      .min(1)
      .optional()
      .describe("File of measured bytes a vCPU-second, from the repository's root; the dated defaults when left out."),
    certificate: z.int().min(1).default(1).describe("Raised to rotate the clusters' TLS certificate."),
    standing: z.record(z.string().regex(LABEL, LABEL_FORM), standingCluster).default({}),
    overrides: overrides.default({}),
  })
  .prefault({});
export type SparkSettings = z.output<typeof sparkSettings>;

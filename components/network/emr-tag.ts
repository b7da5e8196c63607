/** EMR's service role (`AmazonEMRServicePolicy_v2`) acts only on networks and groups that carry this tag. */
export const EMR_MANAGED_TAG = { "for-use-with-amazon-emr-managed-policies": "true" } as const;

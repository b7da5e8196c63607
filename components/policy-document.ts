type Texts = string | readonly string[];

/** One statement of an IAM, key, bucket, topic or endpoint policy. Actions are written out, never `*`. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Resource policies only. */
  readonly Principal?: "*" | Readonly<Record<string, Texts>>;
  readonly Action: Texts;
  /** Left out in trust policies only. */
  readonly Resource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

/** A policy as AWS reads it. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export function policyDocument(statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/**
 * Who may assume a service's role: the service, and only on behalf of this account's own resources. Without the
 * condition another customer of the service could make it act here (the confused deputy).
 */
export function serviceTrust(service: string, accountId: string, sourceArnLike?: Texts): PolicyDocument {
  return policyDocument([
    {
      Sid: "AssumedByTheService",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ...(sourceArnLike === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArnLike } }),
      },
    },
  ]);
}

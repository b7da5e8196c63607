import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import "../../quiet-sdk";

/** How the local AWS is reached. The emulator takes the access key's id for the account's number. */
export interface LocalAws {
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
}

/** The emulator checks no signature, but a client does not send a request without a secret. */
export const LOCAL_SECRET = "local";

export interface Clients {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly glue: GlueClient;
  readonly dynamodb: DynamoDBClient;
  readonly close: () => void;
}

export function connect(aws: LocalAws): Clients {
  const connection = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accountId, secretAccessKey: LOCAL_SECRET },
  };
  const s3 = new S3Client({ ...connection, forcePathStyle: true });
  // Kinesis' client would speak HTTP/2, which the emulator does not without TLS.
  const kinesis = new KinesisClient({ ...connection, requestHandler: s3.config.requestHandler });
  const glue = new GlueClient(connection);
  const dynamodb = new DynamoDBClient(connection);
  return {
    s3,
    kinesis,
    glue,
    dynamodb,
    close: () => [s3, kinesis, glue, dynamodb].forEach((client) => client.destroy()),
  };
}

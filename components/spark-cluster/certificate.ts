import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Environment } from "../environment";
import { certificateKey } from "./places";

/** Ten years: a certificate is rotated by its number in the settings, never by surprise. */
const VALID_HOURS = 87_600;

export interface CertificateArgs {
  readonly environment: Environment;
  readonly cluster: string;
  readonly bucket: string;
}

/** Name of a region's nodes, as EMR requires it in the certificate. */
export function nodeNames(region: string): string {
  return region === "us-east-1" ? "*.ec2.internal" : `*.${region}.compute.internal`;
}

/**
 * The bundle by which a cluster's nodes encrypt what they send each other: three PEM files in a zip, as EMR reads them.
 * The key is made once and stays in the state, encrypted; the number in the settings makes a new one.
 */
export function declareCertificate(
  name: string,
  { environment, cluster, bucket }: CertificateArgs,
  opts: pulumi.CustomResourceOptions,
): { uri: string; object: s3.BucketObjectv2 } {
  const number = environment.settings.spark.certificate;
  const key = new tls.PrivateKey(`${name}-key-${number}`, { algorithm: "RSA", rsaBits: 2048 }, opts);
  const certificate = new tls.SelfSignedCert(
    `${name}-certificate-${number}`,
    {
      privateKeyPem: key.privateKeyPem,
      subject: {
        commonName: nodeNames(environment.settings.region),
        organization: environment.names.inAccount(cluster),
      },
      dnsNames: [nodeNames(environment.settings.region)],
      allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
      validityPeriodHours: VALID_HOURS,
    },
    opts,
  );
  const objectKey = certificateKey(cluster, number);
  const pem = (text: string): pulumi.asset.StringAsset => new pulumi.asset.StringAsset(text);
  const object = new s3.BucketObjectv2(
    `${name}-bundle-${number}`,
    {
      bucket,
      key: objectKey,
      source: pulumi.all([key.privateKeyPem, certificate.certPem]).apply(
        ([privateKey, certPem]) =>
          new pulumi.asset.AssetArchive({
            "privateKey.pem": pem(privateKey),
            "certificateChain.pem": pem(certPem),
            "trustedCertificates.pem": pem(certPem),
          }),
      ),
    },
    // A cluster that is starting still reads the old one.
    { ...opts, retainOnDelete: true },
  );
  return { uri: `s3://${bucket}/${objectKey}`, object };
}

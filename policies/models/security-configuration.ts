import { MalformedValue } from "../malformed";
import { document, object, text } from "../reading";
import type { Props, Subject } from "../rule";
import type { StackView } from "../stack-view";
import { ifKnown, UnknownValue } from "../unknown";

export const SECURITY_CONFIGURATION_TYPE = "aws:emr/securityConfiguration:SecurityConfiguration";

/** The parts of EMR's security configuration that rules ask about. */
export interface SecurityConfiguration {
  readonly encryption: Props;
  readonly atRest: Props;
  readonly s3: Props;
  readonly localDisk: Props;
  readonly inTransit: Props;
  readonly metadata: Props;
  readonly authorization: Props;
}

/** @throws MalformedValue when the configuration is not JSON. */
export function securityConfigurationOf({ props, name }: Subject): SecurityConfiguration {
  const configuration = document(props.configuration);
  if (!configuration) {
    const fix = "configuration: JSON.stringify({ EncryptionConfiguration: { … } })";
    throw new MalformedValue(`the configuration of ${name} is not JSON`, fix);
  }
  const encryption = object(configuration.EncryptionConfiguration);
  const atRest = object(encryption.AtRestEncryptionConfiguration);
  return {
    encryption,
    atRest,
    s3: object(atRest.S3EncryptionConfiguration),
    localDisk: object(atRest.LocalDiskEncryptionConfiguration),
    inTransit: object(object(encryption.InTransitEncryptionConfiguration).TLSCertificateConfiguration),
    metadata: object(configuration.InstanceMetadataServiceConfiguration),
    authorization: object(object(configuration.AuthorizationConfiguration).IAMConfiguration),
  };
}

/**
 * The declared configuration that a cluster names; undefined when the stack has others, but not that one.
 *
 * @throws UnknownValue when the stack declares none at all: the one that is named belongs to another stack.
 */
export function configurationNamed(name: string, stack: StackView): Subject | undefined {
  const declared = stack.ofTypes(SECURITY_CONFIGURATION_TYPE);
  if (declared.length === 0) {
    const fix = "new emr.SecurityConfiguration(name, { configuration });";
    throw new UnknownValue(`the security configuration ${name} of another stack`, fix);
  }
  return declared.find(({ props }) => ifKnown(() => text(props.name) ?? text(props.id)) === name);
}

import { createHash } from "node:crypto";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";

/** What a secret becomes in a backend. */
interface SecretSettings {
  readonly value: pulumi.Output<string>;
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  readonly recoveryWindowDays: pulumi.Input<number> | undefined;
}

/** A secret where its readers find it. */
export interface StoredSecret {
  /** Its ARN, which permissions name. */
  readonly arn: pulumi.Output<string>;
  /** By what readers ask for it, as {@link Backend.variable} says. */
  readonly reference: pulumi.Output<string>;
  /** Another one for each value, which tells nothing of the value. */
  readonly version: pulumi.Output<string>;
}

/** A service of AWS that keeps secrets. */
export interface Backend {
  /** The action that reads a secret. */
  readonly readAction: string;
  /** The end of the variable by which a reader finds a secret. */
  readonly variable: "SECRET_ARN" | "PARAMETER_NAME";
  /** How many bytes a value may have. */
  readonly maxBytes: number;
  /** Puts a secret there: the resource `name`, and what it needs. */
  put(name: string, settings: SecretSettings, opts: pulumi.CustomResourceOptions): StoredSecret;
}

/** The backends, by the name of their service. */
export const backends = {
  /** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
  secretsmanager: {
    readAction: "secretsmanager:GetSecretValue",
    variable: "SECRET_ARN",
    maxBytes: 65_536,
    put(name, { value, kmsKeyArn, recoveryWindowDays }, opts) {
      const secret = new secretsmanager.Secret(
        name,
        { kmsKeyId: kmsKeyArn, recoveryWindowInDays: recoveryWindowDays },
        opts,
      );
      const version = new secretsmanager.SecretVersion(
        `${name}-version`,
        {
          secretId: secret.id,
          // Write-only: the provider does not read it back, so that previews and refreshes do
          // without permission to read secrets.
          secretStringWo: value,
          secretStringWoVersion: writeOnlyVersion(value),
        },
        // Another value is a replacement, which has to go also where the secret itself is protected.
        { ...opts, protect: false },
      );
      // The secret's own ARN, since that of a version is unknown in the preview of a new value, and
      // all readers' policies would look changed. The URN makes readers wait for the value.
      const arn = pulumi.all([secret.arn, version.urn]).apply(([known]) => known);
      return { arn, reference: arn, version: version.versionId };
    },
  },
  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
  ssm: {
    readAction: "ssm:GetParameter",
    variable: "PARAMETER_NAME",
    maxBytes: 4_096,
    put(name, { value, kmsKeyArn }, opts) {
      // Not its write-only value: the provider reads it back all the same, and a preview would not
      // foresee the new version.
      const parameter = new ssm.Parameter(
        name,
        { type: "SecureString", value, keyId: kmsKeyArn },
        opts,
      );
      return {
        arn: parameter.arn,
        reference: parameter.name,
        version: parameter.version.apply(String),
      };
    },
  },
} satisfies Readonly<Record<string, Backend>>;

/**
 * The number that has the provider write a value again: another one for each value. As a hash it
 * lets guesses at the value be checked, so it is as secret as the value, and being made of it,
 * encrypted like it. 48 bits, since numbers are exact up to 53.
 */
function writeOnlyVersion(value: pulumi.Output<string>): pulumi.Output<number> {
  return value.apply((text) => {
    const hash = createHash("sha256").update(text).digest("hex");
    return Number.parseInt(hash.slice(0, 12), 16);
  });
}

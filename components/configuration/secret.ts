import * as aws from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { environmentName, type Grant, keyStatements } from "../iam/grant";
import { arn, componentName, wholeNumber } from "../rules";

const type = "groundwork:configuration:Secret";

/** Arguments of {@link Secret}. */
export interface SecretArgs {
  /**
   * The secret text, from `config.requireSecret` or another Output. It is kept as a secret from
   * here on: encrypted in the state, masked in previews.
   */
  readonly value: pulumi.Input<string>;
  /**
   * ARN of the KMS key that encrypts it.
   * @default the account's key for Secrets Manager, `aws/secretsmanager`
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * For how many days a deleted secret can be restored: 0 (not at all) or 7 to 30.
   * @default 30
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
   */
  readonly recoveryWindowDays?: pulumi.Input<number>;
}

/**
 * A secret in AWS Secrets Manager, which functions read by reference: they are given its ARN and
 * the permission, never its value.
 *
 * Children: `name` (the secret) and `name-version` (its value).
 *
 * @example
 * const key = new Secret("signing-key", { value: config.requireSecret("signingKey") });
 * new LambdaFunction("ship", { ..., grants: [key.grantRead()] });
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
 */
export class Secret extends pulumi.ComponentResource {
  /** The secret itself, without its value. */
  readonly secret: aws.Secret;
  /** The secret's ARN, by which it is read. */
  readonly arn: pulumi.Output<string>;

  private readonly environmentName: string;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;

  /** @throws {InvalidArgumentsError} for an empty value, or a number or key that AWS refuses */
  constructor(name: string, args: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };

    this.secret = new aws.Secret(
      name,
      { kmsKeyId: checked.kmsKeyArn, recoveryWindowInDays: checked.recoveryWindowDays },
      parent,
    );
    const version = new aws.SecretVersion(
      `${name}-version`,
      { secretId: this.secret.id, secretString: pulumi.secret(checked.value) },
      parent,
    );

    // Whoever reads the ARN reads it once there is a value behind it.
    this.arn = version.arn;
    this.environmentName = environmentName(name, "SECRET_ARN");
    this.kmsKeyArn = checked.kmsKeyArn;
    this.registerOutputs({ arn: this.arn });
  }

  /** What it takes to read the value. Environment: `NAME_SECRET_ARN`. */
  grantRead(): Grant {
    return {
      statements: [
        { actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] },
        ...keyStatements(this.kmsKeyArn, ["kms:Decrypt"]),
      ],
      environment: { [this.environmentName]: this.arn },
    };
  }
}

function check(name: string, args: SecretArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<SecretArgs>(args, { value: true, kmsKeyArn: true, recoveryWindowDays: true });
  // Pulumi's 8 characters are added; Secrets Manager takes 512.
  check.input("name", name, componentName(504));
  const checked = {
    value: check.required(
      "value",
      args.value,
      (text) => (text === "" ? "give a text" : undefined),
      {
        secret: true,
      },
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    recoveryWindowDays: check.input("recoveryWindowDays", args.recoveryWindowDays ?? 30, (days) =>
      days === 0 || wholeNumber(7, 30)(days) === undefined
        ? undefined
        : "give 0, or a whole number from 7 to 30 days",
    ),
  };
  check.throwIfAny();
  return checked;
}

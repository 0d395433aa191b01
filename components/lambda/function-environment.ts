import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { type Grant, grantedEnvironment } from "../iam/grant";
import { environmentVariableName } from "../rules";

type Variables = Readonly<Record<string, pulumi.Input<string>>>;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reservedVariable = /^(AWS_|LAMBDA_|_)/;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxBytes = 4_096;

/**
 * The grants' variables and the caller's own, which must not say two things of one name.
 * @param byDefault what the code asks for, unless somebody says otherwise
 */
export function checkEnvironment(
  check: ArgumentCheck,
  given: Variables | undefined,
  grants: readonly Grant[],
  byDefault: Variables,
): Variables {
  const own = check.noSecrets(
    "environment",
    check.texts("environment", given),
    "put it into a SecretStore and pass its grantRead() in grants",
  );
  const granted = environmentOf(check, grants);
  const environment = { ...byDefault, ...granted, ...own };
  for (const variable of Object.keys(environment)) {
    const wrong =
      environmentVariableName(variable) ??
      (reservedVariable.test(variable) ? "Lambda keeps names that begin so for itself" : undefined);
    if (wrong !== undefined) check.problem(`environment has a variable "${variable}": ${wrong}`);
    if (Object.hasOwn(granted, variable) && Object.hasOwn(own, variable)) {
      check.problem(
        `environment sets "${variable}", which a grant sets too: leave it to the grant`,
      );
    }
  }
  checkSize(check, environment);
  return environment;
}

function environmentOf(check: ArgumentCheck, grants: readonly Grant[]) {
  try {
    return grantedEnvironment(grants);
  } catch (error) {
    check.problem((error as Error).message);
    return {};
  }
}

/** Lambda measures the environment as JSON. Of what is known only later nothing is counted. */
function checkSize(check: ArgumentCheck, environment: Variables): void {
  const known = Object.entries(environment).filter(([, value]) => typeof value === "string");
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)));
  if (bytes <= maxBytes) return;
  const [biggest] = known.sort(([, a], [, b]) => String(b).length - String(a).length);
  check.problem(
    `environment is ${bytes} bytes as JSON, and Lambda takes ${maxBytes}: put what is long, ` +
      `like ${biggest?.[0]}, into a file of the package or into a bucket`,
  );
}

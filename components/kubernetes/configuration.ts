import type { types } from "@pulumi/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { environmentVariableName } from "../rules";
import { type CheckedFiles, checkFiles, type Files, fileMounts } from "./configuration-files";
import { checkExternalSecrets, type ExternalSecrets, externalSecret } from "./external-secret";
import { objectName } from "./names";
import { checkData } from "./object-data";
import { commonLabels } from "./workload";

/** How a workload is configured. */
export interface ConfigurationArgs {
  /**
   * Configuration, as environment variables. Changing it rolls the pods, since a process can't be
   * given other variables. Everybody who may look into the namespace sees it: what is secret
   * belongs into `secrets`.
   * @default none
   */
  readonly config?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Secrets, as environment variables. Changing one rolls the pods. Child processes, crash reports
   * and debug pages get to see a process' variables: where it can read a file, better give it one,
   * in `files`.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Names of Kubernetes Secrets in the namespace whose keys become environment variables, like
   * that of a {@link SecretStore}. The pods roll when a name changes, not when a Secret does.
   * `config` and `secrets` go before them.
   * @default none
   */
  readonly secretsFrom?: readonly pulumi.Input<string>[];
  /**
   * Secrets from outside of the cluster, as environment variables: by the variable, where the
   * secret is kept. Pods see a value that was changed there when they are started the next time.
   * The cluster must have the External Secrets Operator.
   * @default none
   */
  readonly externalSecrets?: ExternalSecrets;
  /**
   * Configuration and secrets as files, by the folder they are mounted at. Of files there is a
   * choice: a change rolls the pods, or reaches them live.
   * @default none
   * @example files: { "/etc/web": { secrets: { "session-key": sessionKey } } }
   * @example files: { "/etc/web": { config: { "features.json": "{}" }, onChange: "live" } }
   */
  readonly files?: Readonly<Record<string, Files>>;
}

/** Configuration as a pod has it. */
export interface MountedConfiguration {
  readonly envFrom: readonly types.input.core.v1.EnvFromSource[];
  readonly volumes: readonly types.input.core.v1.Volume[];
  readonly volumeMounts: readonly types.input.core.v1.VolumeMount[];
}

/** A workload's configuration, with everything said. */
export interface CheckedConfiguration {
  readonly config: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secretsFrom: readonly pulumi.Input<string>[];
  readonly externalSecrets: ExternalSecrets | undefined;
  readonly files: readonly CheckedFiles[];
}

/** The names of the arguments of a configuration, for `check.known`. */
export const configurationArguments: Readonly<Record<keyof ConfigurationArgs, true>> = {
  config: true,
  secrets: true,
  secretsFrom: true,
  externalSecrets: true,
  files: true,
};

/**
 * Makes the objects that hold a workload's configuration. Those of variables are immutable and bear
 * a generated name: a change makes a new one, which rolls the pods, and a rollback finds the old
 * one's values again.
 *
 * Children: `name-config`, `name-secrets` and `name-external` where there are any, and the like
 * for each folder of files, with the folder's name between.
 */
export function mountConfiguration(
  name: string,
  configuration: CheckedConfiguration,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): MountedConfiguration {
  const { config, secrets, secretsFrom, externalSecrets, files } = configuration;
  const metadata = { namespace, labels: commonLabels(name) };
  // Of what sets the same variable, the last one counts.
  const envFrom: types.input.core.v1.EnvFromSource[] = secretsFrom.map((each) => ({
    secretRef: { name: each },
  }));
  if (externalSecrets !== undefined) {
    const external = `${name}-external`;
    const secret = externalSecret(external, externalSecrets, metadata, external, opts);
    envFrom.push({ secretRef: { name: secret } });
  }
  if (Object.keys(config).length > 0) {
    const map = new core.ConfigMap(
      `${name}-config`,
      { metadata, immutable: true, data: { ...config } },
      opts,
    );
    envFrom.push({ configMapRef: { name: map.metadata.name } });
  }
  if (Object.keys(secrets).length > 0) {
    const secret = new core.Secret(
      `${name}-secrets`,
      { metadata, immutable: true, stringData: pulumi.secret({ ...secrets }) },
      opts,
    );
    envFrom.push({ secretRef: { name: secret.metadata.name } });
  }
  return { envFrom, ...fileMounts(name, files, metadata, opts) };
}

/**
 * Checks a workload's configuration, and completes it.
 *
 * @param name the workload's
 * @param writablePaths of the containers that have the files, where none can be mounted
 * @param ownVariables those that the component sets, which go before all others
 */
export function checkConfiguration(
  check: ArgumentCheck,
  name: string,
  args: ConfigurationArgs,
  writablePaths: readonly string[],
  ownVariables: readonly string[] = [],
): CheckedConfiguration {
  if (args.externalSecrets !== undefined) {
    checkExternalSecrets(check, "externalSecrets", args.externalSecrets);
  }
  const config = checkData(check, "config", args.config);
  const secrets = checkData(check, "secrets", args.secrets);
  const secretsFrom = check.list("secretsFrom", args.secretsFrom);
  const sources = {
    config,
    secrets,
    "externalSecrets.keys": args.externalSecrets?.keys ?? {},
  };
  checkVariables(check, sources);
  for (const [source, values] of Object.entries(sources)) {
    for (const own of ownVariables.filter((each) => Object.hasOwn(values, each))) {
      check.problem(`"${own}" of ${source} is set by the component: leave it out`);
    }
  }
  const plain = secretsFrom.filter((each) => typeof each === "string");
  for (const twice of new Set(plain.filter((each, i) => plain.indexOf(each) !== i))) {
    check.problem(`secretsFrom has "${twice}" twice: leave one out`);
  }
  return {
    config: check.noSecrets("config", config, "give it in secrets"),
    secrets,
    secretsFrom: secretsFrom.map((secret, i) =>
      check.required(`secretsFrom[${i}]`, secret, objectName("Secret")),
    ),
    externalSecrets: args.externalSecrets,
    files: checkFiles(check, name, check.map("files", args.files), writablePaths),
  };
}

/** Notes variables that no process can have, and those that come from two sides. */
function checkVariables(
  check: ArgumentCheck,
  sources: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  const seen = new Map<string, string>();
  for (const [source, values] of Object.entries(sources)) {
    for (const variable of Object.keys(values)) {
      const wrong = environmentVariableName(variable);
      if (wrong !== undefined) check.problem(`there is a variable "${variable}": ${wrong}`);
      const other = seen.get(variable);
      if (other !== undefined) {
        check.problem(
          `"${variable}" is both in ${other} and in ${source}: leave it in one of them`,
        );
      }
      seen.set(variable, source);
    }
  }
}

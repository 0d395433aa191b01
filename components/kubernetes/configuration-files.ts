import type { types } from "@pulumi/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching, oneOf } from "../rules";
import { checkExternalSecrets, type ExternalSecrets, externalSecret } from "./external-secret";
import { folderPath } from "./names";
import { checkData } from "./object-data";

/** The files of one folder; at least one of the three kinds. */
export interface Files {
  /**
   * Configuration, by the file's name. Everybody who may look into the namespace sees it.
   * @default none
   */
  readonly config?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Secrets, by the file's name.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Secrets from outside of the cluster, by the file's name. They change when the operator brings
   * another value, so that `onChange` has to be `live`.
   * @default none
   */
  readonly externalSecrets?: ExternalSecrets;
  /**
   * What a change does. `roll`: new pods get it, one after the other, and a rollback finds the old
   * files. `live`: the files change under the running process within a minute or two, and it has
   * to look at them again; a provider without `enableConfigMapMutable` and `enableSecretMutable`
   * replaces the objects instead, and pods that start just then wait for them.
   * @default "roll"
   * @see https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
   */
  readonly onChange?: "roll" | "live";
}

/** The files of one folder, with everything said. */
export interface CheckedFiles {
  readonly folder: string;
  readonly config: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly externalSecrets: ExternalSecrets | undefined;
  readonly live: boolean;
}

/** Makes the objects that hold files, and mounts each folder as one volume. */
export function fileMounts(
  name: string,
  files: readonly CheckedFiles[],
  metadata: { readonly namespace: pulumi.Input<string>; readonly labels: object },
  opts: pulumi.CustomResourceOptions,
): {
  readonly volumes: types.input.core.v1.Volume[];
  readonly volumeMounts: types.input.core.v1.VolumeMount[];
} {
  return {
    volumes: files.map((each, i) => ({
      name: `files-${i}`,
      // For the user's group alone, which the kubelet sees to.
      projected: { defaultMode: 0o440, sources: projections(name, each, metadata, opts) },
    })),
    volumeMounts: files.map(({ folder }, i) => ({
      name: `files-${i}`,
      mountPath: folder,
      readOnly: true,
    })),
  };
}

function projections(
  name: string,
  { folder, config, secrets, externalSecrets, live }: CheckedFiles,
  common: object,
  opts: pulumi.CustomResourceOptions,
): types.input.core.v1.VolumeProjection[] {
  const base = `${name}${dashed(folder)}`;
  // What rolls the pods is never changed, but made anew under another name; what changes under
  // them keeps its name, so that they find it.
  const object = (child: string) =>
    live ? { metadata: { ...common, name: child } } : { metadata: { ...common }, immutable: true };
  const sources: types.input.core.v1.VolumeProjection[] = [];
  if (Object.keys(config).length > 0) {
    const child = `${base}-config`;
    const map = new core.ConfigMap(child, { ...object(child), data: { ...config } }, opts);
    sources.push({ configMap: { name: map.metadata.name } });
  }
  if (Object.keys(secrets).length > 0) {
    const child = `${base}-secrets`;
    const stringData = pulumi.secret({ ...secrets });
    const secret = new core.Secret(child, { ...object(child), stringData }, opts);
    sources.push({ secret: { name: secret.metadata.name } });
  }
  if (externalSecrets !== undefined) {
    const child = `${base}-external`;
    sources.push({
      secret: { name: externalSecret(child, externalSecrets, { ...common }, child, opts) },
    });
  }
  return sources;
}

/** A folder as a part of an object's name: `/etc/web` is `-etc-web`. */
function dashed(folder: string): string {
  return folder.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** Of the 253 that Kubernetes takes, `-external` and what Pulumi adds are left. */
const longestObjectName = 253 - 9 - 9;

const fileName = matching(
  /^(?!\.\.)[A-Za-z0-9._-]{1,253}$/,
  "a file's name of letters, digits, hyphens, dots and _",
);

/** Checks the files of all folders, and completes what is said of them. */
export function checkFiles(
  check: ArgumentCheck,
  name: string,
  files: Readonly<Record<string, Files>>,
  writablePaths: readonly string[],
): readonly CheckedFiles[] {
  const folders = Object.keys(files);
  for (const folder of folders) {
    const wrong = folderPath(folder);
    if (wrong !== undefined) check.problem(`files has the folder "${folder}": ${wrong}`);
    const room = longestObjectName - name.length;
    if (folder.length > room) {
      check.problem(
        `files has a folder of ${folder.length} characters: give at most ${room}, since objects are ` +
          "named after it",
      );
    }
    const inside = [...folders, ...writablePaths].find((other) => other.startsWith(`${folder}/`));
    if (inside !== undefined) {
      check.problem(`"${inside}" is within "${folder}" of files, which is read-only: move one`);
    }
    if (writablePaths.includes(folder)) {
      check.problem(`"${folder}" is both in files and in writablePaths: give files another folder`);
    }
    const twin = folders.find((other) => other < folder && dashed(other) === dashed(folder));
    if (twin !== undefined) {
      check.problem(
        `files has "${twin}" and "${folder}", whose objects would bear one name: rename one`,
      );
    }
  }
  return Object.entries(files).map(([folder, each]) => checkFolder(check, folder, each));
}

function checkFolder(check: ArgumentCheck, folder: string, files: Files): CheckedFiles {
  const path = `files["${folder}"]`;
  check.known<Files>(
    files,
    { config: true, secrets: true, externalSecrets: true, onChange: true },
    `${path}.`,
  );
  check.plain(`${path}.onChange`, files.onChange, oneOf("roll", "live"));
  const config = checkData(check, `${path}.config`, files.config);
  const secrets = checkData(check, `${path}.secrets`, files.secrets);
  const { externalSecrets } = files;
  if (externalSecrets !== undefined) {
    checkExternalSecrets(check, `${path}.externalSecrets`, externalSecrets);
    if (files.onChange !== "live") {
      check.problem(`${path}.externalSecrets change outside of Pulumi: say onChange: "live"`);
    }
  }
  const names = [config, secrets, externalSecrets?.keys ?? {}].flatMap(Object.keys);
  if (names.length === 0) check.problem(`${path} is empty: give files, or leave it out`);
  for (const name of new Set(names)) {
    const wrong = fileName(name);
    if (wrong !== undefined) check.problem(`${path} has the file "${name}": ${wrong}`);
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      check.problem(`${path} has the file "${name}" twice: leave one out`);
    }
  }
  return {
    folder,
    config: check.noSecrets(`${path}.config`, config, "give it in secrets of the same folder"),
    secrets,
    externalSecrets,
    live: files.onChange === "live",
  };
}

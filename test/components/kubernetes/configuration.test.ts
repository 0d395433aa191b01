import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import {
  type ConfigurationArgs,
  checkConfiguration,
  type MountedConfiguration,
  mountConfiguration,
} from "../../../components/kubernetes/configuration";
import { record } from "../../../components/testing";
import { problemsOf } from "../../support/refusals";

const configMap = "kubernetes:core/v1:ConfigMap";
const secret = "kubernetes:core/v1:Secret";
const externalSecret = "kubernetes:external-secrets.io/v1:ExternalSecret";

const labels = {
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/managed-by": "pulumi",
};
const generatedName = { namespace: "shop", labels };
const named = (name: string) => ({ namespace: "shop", labels, name });

/** What is made of a configuration, and how a pod has it. */
async function mounted(args: ConfigurationArgs) {
  const recording = await record(() => {
    const check = new ArgumentCheck("groundwork:test:Thing", "web");
    const configuration = checkConfiguration(check, "web", args, []);
    check.throwIfAny();
    return { ...mountConfiguration("web", configuration, "shop", {}) };
  });
  return { recording, pod: recording.outputs as unknown as MountedConfiguration };
}
const problems = (args: ConfigurationArgs, writablePaths: readonly string[] = []) =>
  problemsOf((check) => checkConfiguration(check, "web", args, writablePaths));

describe("variables", () => {
  test("default is nothing", async () => {
    const { recording, pod } = await mounted({ config: {}, secrets: {} });
    expect(recording.resources).toEqual([]);
    expect(pod).toEqual({ envFrom: [], volumes: [], volumeMounts: [] });
  });

  test("custom come from immutable objects of generated names", async () => {
    const { recording, pod } = await mounted({ config: { A: "a" }, secrets: { B: "b" } });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(configMap, "web-config").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: generatedName,
      immutable: true,
      data: { A: "a" },
    });
    expect(recording.one(secret, "web-secrets").inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: generatedName,
      immutable: true,
      stringData: { B: "b" },
    });
    expect(recording.one(secret, "web-secrets").secretInputs).toEqual(["stringData"]);
    expect(pod.envFrom).toEqual([
      { configMapRef: { name: "web-config-1a2b3c4d" } },
      { secretRef: { name: "web-secrets-1a2b3c4d" } },
    ]);
  });

  test("custom come from outside of the cluster, and from Secrets that are there", async () => {
    const { recording, pod } = await mounted({
      config: { A: "a" },
      secretsFrom: ["ready-made"],
      externalSecrets: {
        store: "aws",
        storeKind: "ClusterSecretStore",
        keys: { TOKEN: "shop/token", PASSWORD: { key: "shop/database", property: "password" } },
      },
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(externalSecret, "web-external").inputs).toEqual({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: named("web-external"),
      spec: {
        secretStoreRef: { name: "aws", kind: "ClusterSecretStore" },
        target: { name: "web-external", creationPolicy: "Owner" },
        data: [
          { secretKey: "TOKEN", remoteRef: { key: "shop/token" } },
          { secretKey: "PASSWORD", remoteRef: { key: "shop/database", property: "password" } },
        ],
      },
    });
    expect(pod.envFrom).toEqual([
      { secretRef: { name: "ready-made" } },
      { secretRef: { name: "web-external" } },
      { configMapRef: { name: "web-config-1a2b3c4d" } },
    ]);
  });

  test("fails when one can't be, or comes from two sides", () => {
    expect(
      problems({
        config: { "A-B": "x", C: "x", D: "x" },
        secrets: { C: "x", D: "x" },
        externalSecrets: { store: "aws", keys: { D: "d" } },
        secretsFrom: ["one", "two", "one", "Two"],
      }),
    ).toEqual([
      'there is a variable "A-B": give a letter followed by letters, digits and underscores',
      '"C" is both in config and in secrets: leave it in one of them',
      '"D" is both in config and in secrets: leave it in one of them',
      '"D" is both in secrets and in externalSecrets.keys: leave it in one of them',
      'secretsFrom has "one" twice: leave one out',
      'secretsFrom[3] is "Two": give the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)',
    ]);
  });

  test("fails when it is not said where external secrets are", () => {
    const externalSecrets = { store: "My store", storeKind: "Vault", keys: {}, remote: "x" };
    expect(problems({ externalSecrets: externalSecrets as never })).toEqual([
      'there is no argument "externalSecrets.remote": give only store, storeKind, keys',
      'externalSecrets.store is "My store": give the name of a Kubernetes SecretStore: lower-case letters, digits, hyphens and dots (RFC 1123)',
      'externalSecrets.storeKind is "Vault": give one of SecretStore, ClusterSecretStore',
      "externalSecrets.keys is empty: name the secrets that are to be brought here",
    ]);
  });
});

describe("files", () => {
  test("default roll the pods: they are in immutable objects of generated names", async () => {
    const { recording, pod } = await mounted({
      files: {
        "/etc/web": { config: { "app.json": "{}" }, secrets: { "key.pem": "s3cret" } },
      },
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(configMap, "web-etc-web-config").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: generatedName,
      immutable: true,
      data: { "app.json": "{}" },
    });
    expect(recording.one(secret, "web-etc-web-secrets").inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: generatedName,
      immutable: true,
      stringData: { "key.pem": "s3cret" },
    });
    expect(recording.one(secret, "web-etc-web-secrets").secretInputs).toEqual(["stringData"]);
    expect(pod).toEqual({
      envFrom: [],
      volumes: [
        {
          name: "files-0",
          projected: {
            defaultMode: 0o440,
            sources: [
              { configMap: { name: "web-etc-web-config-1a2b3c4d" } },
              { secret: { name: "web-etc-web-secrets-1a2b3c4d" } },
            ],
          },
        },
      ],
      volumeMounts: [{ name: "files-0", mountPath: "/etc/web", readOnly: true }],
    });
  });

  test("custom change live: their objects keep their names", async () => {
    const { recording, pod } = await mounted({
      files: {
        "/etc/web": {
          config: { "app.json": "{}" },
          secrets: { "key.pem": "s3cret" },
          onChange: "live",
        },
        "/etc/Tokens": {
          externalSecrets: { store: "vault", keys: { token: "shop/token" } },
          onChange: "live",
        },
      },
    });
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(configMap, "web-etc-web-config").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: named("web-etc-web-config"),
      data: { "app.json": "{}" },
    });
    expect(recording.one(secret, "web-etc-web-secrets").inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: named("web-etc-web-secrets"),
      stringData: { "key.pem": "s3cret" },
    });
    expect(recording.one(externalSecret, "web-etc-tokens-external").inputs).toEqual({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: named("web-etc-tokens-external"),
      spec: {
        secretStoreRef: { name: "vault", kind: "SecretStore" },
        target: { name: "web-etc-tokens-external", creationPolicy: "Owner" },
        data: [{ secretKey: "token", remoteRef: { key: "shop/token" } }],
      },
    });
    expect(pod.volumes).toEqual([
      {
        name: "files-0",
        projected: {
          defaultMode: 0o440,
          sources: [
            { configMap: { name: "web-etc-web-config" } },
            { secret: { name: "web-etc-web-secrets" } },
          ],
        },
      },
      {
        name: "files-1",
        projected: {
          defaultMode: 0o440,
          sources: [{ secret: { name: "web-etc-tokens-external" } }],
        },
      },
    ]);
  });

  test("fails when folders are in each other's way", () => {
    const file = { config: { a: "a" } };
    expect(
      problems(
        { files: { "/etc/web": file, "/etc/web/more": file, "/etc-web": file, etc: file } },
        ["/etc-web", "/etc-web/cache"],
      ),
    ).toEqual([
      '"/etc/web/more" is within "/etc/web" of files, which is read-only: move one',
      'files has "/etc-web" and "/etc/web", whose objects would bear one name: rename one',
      '"/etc-web/cache" is within "/etc-web" of files, which is read-only: move one',
      '"/etc-web" is both in files and in writablePaths: give files another folder',
      'files has the folder "etc": give the absolute path of a folder below /, like /tmp',
    ]);
  });

  test("fails when files can't be, with all of it", () => {
    expect(
      problems({
        files: {
          "/none": {},
          "/etc/web": {
            config: { "a/b": "x", "..data": "x", c: "x" },
            secrets: { c: "x" },
            onChange: "restart" as never,
          },
          "/etc/tokens": { externalSecrets: { store: "vault", keys: { token: "t" } } },
          "/data": { hostPath: "/", config: { a: "a" } } as never,
        },
      }),
    ).toEqual([
      'files["/none"] is empty: give files, or leave it out',
      'files["/etc/web"].onChange is "restart": give one of roll, live',
      `files["/etc/web"] has the file "a/b": give a file's name of letters, digits, hyphens, dots and _`,
      `files["/etc/web"] has the file "..data": give a file's name of letters, digits, hyphens, dots and _`,
      'files["/etc/web"] has the file "c" twice: leave one out',
      'files["/etc/tokens"].externalSecrets change outside of Pulumi: say onChange: "live"',
      'there is no argument "files["/data"].hostPath": give only config, secrets, externalSecrets, onChange',
    ]);
  });

  test("fails when a folder is too long for the names of its objects", () => {
    const folder = `/${"a".repeat(231)}`;
    expect(problems({ files: { [folder]: { config: { a: "b" } } } })).toEqual([]);
    expect(problems({ files: { [`${folder}a`]: { config: { a: "b" } } } })).toEqual([
      "files has a folder of 233 characters: give at most 232, since objects are named after it",
    ]);
  });

  test("fails for files that are no text, without showing them", () => {
    const wrong = { config: { a: 5 }, secrets: { b: { key: "x" } } } as never;
    expect(problems({ files: { "/etc/web": wrong } })).toEqual([
      'files["/etc/web"].config.a is a number: give text, or leave it out',
      'files["/etc/web"].secrets.b is an object: give text, or leave it out',
    ]);
    expect(problems({ files: { "/etc/web": "x" as never } })).toEqual([
      'files["/etc/web"] is text: give an object of arguments',
    ]);
  });

  test("fails for external secrets that are nowhere", () => {
    const keys = { A: "", B: { name: "x" }, C: null, D: { key: "d", property: "p" } } as never;
    expect(problems({ externalSecrets: { store: "vault", keys } })).toEqual([
      'externalSecrets.keys.A is "": give the name that it has in the store',
      'there is no argument "externalSecrets.keys.B.name": give only key, property',
      "externalSecrets.keys.B.key is missing: give it",
      "externalSecrets.keys.C is null: give an object of arguments",
    ]);
  });

  test("fails for variables that are given as a whole later, or as a list", () => {
    expect(
      problems({ config: pulumi.output({}) as never, secretsFrom: "shared" as never }),
    ).toEqual([
      "config is known only later: give an object, with a value for each name",
      "secretsFrom is text: give a list",
    ]);
  });
});

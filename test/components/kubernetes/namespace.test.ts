import * as pulumi from "@pulumi/pulumi";
import { Namespace, type NamespaceArgs } from "../../../components/kubernetes/namespace";
import { record } from "../../../components/testing";
import { canary } from "../../support/canary";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:kubernetes:Namespace";
const namespace = "kubernetes:core/v1:Namespace";
const quota = "kubernetes:core/v1:ResourceQuota";
const limitRange = "kubernetes:core/v1:LimitRange";
const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const secret = "kubernetes:core/v1:Secret";
const priorityClass = "kubernetes:scheduling.k8s.io/v1:PriorityClass";

/** The namespace object itself. */
const admittingRestrictedPods = (name: string) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name,
    labels: {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    },
  },
});

const metadata = { name: "shop", namespace: "shop" };

describe("Namespace", () => {
  test("default admits restricted pods only, closes the network, and has its bounds", async () => {
    const recording = await record(() => {
      const shop = new Namespace("shop");
      return {
        name: shop.namespaceName,
        pull: shop.imagePullSecrets,
        priority: shop.priorityClassName,
      };
    });
    expect(recording.resources).toHaveLength(6);
    expect(recording.one(type, "shop").inputs).toEqual({});
    expect(recording.childrenOf(type, "shop")).toEqual([
      `${limitRange} shop-limits`,
      `${namespace} shop`,
      `${quota} shop-quota`,
      `${networkPolicy} shop-deny`,
      `${priorityClass} shop-priority`,
    ]);
    expect(recording.one(namespace, "shop").inputs).toEqual(admittingRestrictedPods("shop"));
    expect(recording.one(networkPolicy, "shop-deny").inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(recording.one(quota, "shop-quota").inputs).toEqual({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata,
      spec: {
        hard: {
          pods: "100",
          "requests.cpu": "20",
          "requests.memory": "40Gi",
          "limits.memory": "80Gi",
          "requests.storage": "500Gi",
          "services.loadbalancers": "0",
          "services.nodeports": "0",
        },
      },
    });
    expect(recording.one(limitRange, "shop-limits").inputs).toEqual({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata,
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
            default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
          },
        ],
      },
    });
    // Of a name that has the value in it, so that another one can come before this one goes.
    expect(recording.one(priorityClass, "shop-priority").inputs).toEqual({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "priority-shop-0" },
      value: 0,
      description: "Workloads of the namespace shop",
    });
    expect(recording.outputs).toEqual({
      name: "shop",
      pull: [],
      priority: "priority-shop-0",
    });
  });

  test("custom has another name, other bounds, people with roles and a private registry", async () => {
    const recording = await record(() => {
      const shop = new Namespace("Shop_1", {
        namespaceName: "shop-1",
        quota: { pods: "7", "services.loadbalancers": "1" },
        access: { view: ["developers", "support"], operate: ["on-call"] },
        priority: -10,
        imagePullCredentials: pulumi.output('{"auths":{}}'),
      });
      return { name: shop.namespaceName, pull: shop.imagePullSecrets };
    });
    expect(recording.resources).toHaveLength(11);
    expect(recording.one(priorityClass, "Shop_1-priority").inputs).toMatchObject({
      metadata: { name: "priority-shop-1--10" },
      value: -10,
      description: "Workloads of the namespace shop-1",
    });
    expect(recording.one(namespace, "Shop_1").inputs).toEqual(admittingRestrictedPods("shop-1"));
    expect(recording.one(quota, "Shop_1-quota").inputs["spec"]).toEqual({
      hard: {
        pods: "7",
        "requests.cpu": "20",
        "requests.memory": "40Gi",
        "limits.memory": "80Gi",
        "requests.storage": "500Gi",
        "services.loadbalancers": "1",
        "services.nodeports": "0",
      },
    });
    expect(recording.childrenOf(type, "Shop_1").filter((each) => each.includes("rbac"))).toEqual([
      `${role} Shop_1-operate-role`,
      `${role} Shop_1-view-role`,
      `${roleBinding} Shop_1-operate`,
      `${roleBinding} Shop_1-view`,
    ]);
    const pull = recording.one(secret, "Shop_1-pull");
    expect(pull.parent).toBe(`${type} Shop_1`);
    expect(pull.secretInputs).toEqual(["stringData"]);
    expect(pull.inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace: "shop-1" },
      type: "kubernetes.io/dockerconfigjson",
      immutable: true,
      stringData: { ".dockerconfigjson": '{"auths":{}}' },
    });
    expect(recording.outputs).toEqual({ name: "shop-1", pull: ["Shop_1-pull-1a2b3c4d"] });
  });

  test("fails with everything that Kubernetes would refuse, before anything is made", async () => {
    const args = {
      quota: { pods: "many", "requests.memory": "much", gpus: "1" },
      access: { view: [], admin: ["platform"], operate: ["system:authenticated"] },
      priority: 2_000_000_000,
    } as NamespaceArgs;
    expect(await refusal(() => new Namespace("Shop", args))).toEqual(
      refusalOf(
        type,
        "Shop",
        'namespaceName is "Shop": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
        'quota["pods"] is "many": give a whole number as text, like "20"',
        'quota["requests.memory"] is "much": give a quantity, like "20" or "40Gi"',
        'quota is "gpus": give one of pods, requests.cpu, requests.memory, limits.memory, requests.storage, services.loadbalancers, services.nodeports',
        "priority is 2000000000: give a whole number from -2147483648 to 1000000000",
        "access.view names nobody: give groups of the cluster, or leave it out",
        'access is "admin": give one of view, operate, debug',
        'access.operate[0] is "system:authenticated": give a group of people in the cluster, which is neither empty nor everybody',
      ),
    );
  });

  test.each(["default", "kube-system"])("fails for %s, which is the cluster's", async (name) => {
    expect(await refusal(() => new Namespace(name))).toEqual(
      refusalOf(
        type,
        name,
        `namespaceName is "${name}": give a name of your own: default and those with kube- are the cluster's`,
      ),
    );
  });

  const noCredentials =
    "imagePullCredentials is a secret value that does not fit: give the text of a Docker config.json, with auths in it";

  test.each([canary, "{}", `{"auths":"${canary}"}`, "null", { auths: {} }])(
    "fails for credentials that no registry reads, without showing them: %#",
    async (credentials) => {
      const args = { imagePullCredentials: credentials as string };
      expect(await refusal(() => new Namespace("shop", args))).toEqual(
        refusalOf(type, "shop", noCredentials),
      );
    },
  );

  test("rejects such credentials later, without showing them", async () => {
    const message = await laterFailure(
      () => new Namespace("shop", { imagePullCredentials: pulumi.secret(canary) }),
    );
    expect(message).toBe(unusable(type, "shop", noCredentials));
  });
});

import { Namespace } from "../../../components/kubernetes/namespace";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:kubernetes:Namespace";
const namespace = "kubernetes:core/v1:Namespace";

/** The one object that there is to a namespace. */
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

describe("Namespace", () => {
  test("default bears the component's name and admits restricted pods only", async () => {
    const recording = await record(() => {
      const shop = new Namespace("shop");
      return { name: shop.namespaceName, id: shop.namespace.id };
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(type, "shop").inputs).toEqual({});
    expect(recording.childrenOf(type, "shop")).toEqual([`${namespace} shop`]);
    expect(recording.one(namespace, "shop").inputs).toEqual(admittingRestrictedPods("shop"));
    expect(recording.outputs).toEqual({ name: "shop", id: "default/shop" });
  });

  test("custom bears another name", async () => {
    const recording = await record(() => {
      const shop = new Namespace("Shop_1", { namespaceName: "shop-1" });
      return { name: shop.namespaceName };
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(namespace, "Shop_1").inputs).toEqual(admittingRestrictedPods("shop-1"));
    expect(recording.outputs).toEqual({ name: "shop-1" });
  });

  test("fails when Kubernetes would refuse the name, before anything is made", async () => {
    expect(await refusal(() => new Namespace("Shop"))).toEqual(
      refusalOf(
        type,
        "Shop",
        'namespaceName is "Shop": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
      ),
    );
  });
});

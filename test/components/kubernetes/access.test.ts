import { ArgumentCheck } from "../../../components/arguments";
import { type Access, checkAccess, giveAccess } from "../../../components/kubernetes/access";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What a level may, as `verb group/resource`. */
async function rights(level: keyof Access): Promise<readonly string[]> {
  const recording = await record(() => giveAccess("shop", "shop", { [level]: ["people"] }, {}));
  const { rules } = recording.one(role, `shop-${level}-role`).inputs as { rules: readonly Rule[] };
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
    ),
  );
}

describe("the access of people to a namespace", () => {
  test("default is nobody's", async () => {
    expect((await record(() => giveAccess("shop", "shop", {}, {}))).resources).toEqual([]);
  });

  test("custom gives groups a role of its own for each level", async () => {
    const recording = await record(() =>
      giveAccess("shop", "store", { view: ["developers", "support"], operate: ["on-call"] }, {}),
    );
    expect(recording.resources).toHaveLength(4);
    expect(recording.one(role, "shop-view-role").inputs).toMatchObject({
      metadata: { name: "view", namespace: "store" },
    });
    const group = (name: string) => ({
      apiGroup: "rbac.authorization.k8s.io",
      kind: "Group",
      name,
    });
    expect(recording.one(binding, "shop-view").inputs).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "view", namespace: "store" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "view" },
      subjects: [group("developers"), group("support")],
    });
    expect(recording.one(binding, "shop-operate").inputs).toMatchObject({
      roleRef: { name: "operate" },
      subjects: [group("on-call")],
    });
  });

  test("who views can only look, and reads logs", async () => {
    const all = await rights("view");
    expect(all.filter((right) => !/^(get|list|watch) /.test(right))).toEqual([]);
    expect(all).toContain("get /pods/log");
    expect(all).toContain("list apps/deployments");
  });

  test("who operates starts pods anew, stops Jobs and scales, besides", async () => {
    const view = await rights("view");
    expect((await rights("operate")).filter((right) => !view.includes(right))).toEqual([
      "delete /pods",
      "create /pods/eviction",
      "delete batch/jobs",
      "get apps/deployments/scale",
      "update apps/deployments/scale",
      "patch apps/deployments/scale",
      "get apps/statefulsets/scale",
      "update apps/statefulsets/scale",
      "patch apps/statefulsets/scale",
    ]);
  });

  test("who debugs gets into the pods, besides", async () => {
    const operate = await rights("operate");
    expect((await rights("debug")).filter((right) => !operate.includes(right))).toEqual([
      "get /pods/exec",
      "create /pods/exec",
      "get /pods/attach",
      "create /pods/attach",
      "get /pods/portforward",
      "create /pods/portforward",
      "update /pods/ephemeralcontainers",
      "patch /pods/ephemeralcontainers",
    ]);
  });

  test.each(["view", "operate", "debug"] as const)("who has %s reads no Secret", async (level) => {
    expect((await rights(level)).filter((right) => /secrets$|\*/.test(right))).toEqual([
      "get external-secrets.io/externalsecrets",
      "list external-secrets.io/externalsecrets",
      "watch external-secrets.io/externalsecrets",
    ]);
  });

  test("fails for levels that there are none of, for nobody and for everybody", async () => {
    const access = { view: [], edit: ["platform"], debug: ["system:authenticated"] };
    const refused = await refusal(() => {
      const check = new ArgumentCheck("groundwork:kubernetes:Namespace", "shop");
      checkAccess(check, access);
      check.throwIfAny();
    });
    expect(refused).toEqual(
      refusalOf(
        "groundwork:kubernetes:Namespace",
        "shop",
        "access.view names nobody: give groups of the cluster, or leave it out",
        'access is "edit": give one of view, operate, debug',
        'access.debug[0] is "system:authenticated": give a group of people in the cluster, which is neither empty nor everybody',
      ),
    );
  });
});

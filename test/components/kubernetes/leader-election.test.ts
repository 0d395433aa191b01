import { ArgumentCheck } from "../../../components/arguments";
import {
  checkLeaderElection,
  electLeader,
  type LeaderElection,
} from "../../../components/kubernetes/leader-election";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const lease = "kubernetes:coordination.k8s.io/v1:Lease";
const role = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const metadata = { name: "web", namespace: "shop" };

describe("leader election", () => {
  const recorded = () =>
    record(() => {
      const { env } = electLeader({ name: "web", metadata, serviceAccountName: "web" }, {});
      return { env };
    });

  test("default gives one ServiceAccount the right to one Lease, and nothing else", async () => {
    const recording = await recorded();
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(lease, "web-lease").inputs).toEqual({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata,
    });
    expect(recording.one(role, "web-lease-role").inputs).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          resourceNames: ["web"],
          verbs: ["get", "update", "patch"],
        },
      ],
    });
    expect(recording.one(binding, "web-lease-binding").inputs).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "web" },
      subjects: [{ kind: "ServiceAccount", name: "web", namespace: "shop" }],
    });
  });

  test("default tells the pods which Lease it is, and who they are", async () => {
    expect((await recorded()).outputs).toEqual({
      env: [
        { name: "LEASE_NAME", value: "web" },
        {
          name: "LEASE_NAMESPACE",
          valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
        },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      ],
    });
  });
});

describe("the way to the API server", () => {
  const ports = [
    { port: 443, protocol: "TCP" },
    { port: 6443, protocol: "TCP" },
  ];
  const checked = (election: unknown) => {
    const check = new ArgumentCheck("groundwork:kubernetes:Microservice", "web");
    const egress = checkLeaderElection(check, election as LeaderElection);
    check.throwIfAny();
    return egress;
  };
  const refusedFor = async (election: unknown, ...problems: readonly string[]) =>
    expect(await refusal(() => void checked(election))).toEqual(
      refusalOf("groundwork:kubernetes:Microservice", "web", ...problems),
    );

  test("default is one address", () => {
    expect(checked({ apiServerAt: ["10.0.0.1"] })).toEqual([
      { to: [{ ipBlock: { cidr: "10.0.0.1/32" } }], ports },
    ]);
  });

  test("custom is several addresses and ranges", () => {
    expect(checked({ apiServerAt: ["10.0.16.0/20", "fd00::1", "fd00:1::/64"] })).toEqual([
      {
        to: ["10.0.16.0/20", "fd00::1/128", "fd00:1::/64"].map((cidr) => ({ ipBlock: { cidr } })),
        ports,
      },
    ]);
  });

  test.each(["", "kubernetes.default", "10.0.0.1/33", "fd00::/129", "0.0.0.0/0", "10.0.0.0/8/8"])(
    "fails for %p",
    async (address) => {
      await refusedFor(
        { apiServerAt: ["10.0.0.1", address] },
        `leaderElection.apiServerAt[1] is "${address}": give an address or a range, like 10.0.0.1 or 10.0.16.0/20, and not all there are`,
      );
    },
  );

  const missing =
    'leaderElection has no address of the API server, and the pods can\'t reach it: give leaderElection: { apiServerAt: ["10.0.16.0/20"] }';

  test.each([[{}], [{ apiServerAt: [] }]])("fails when it is %j", async (election) => {
    await refusedFor(election, missing);
  });

  test("fails for text in place of a list", async () => {
    const problem = "leaderElection.apiServerAt is text: give a list";
    await refusedFor({ apiServerAt: "10.0.0.1" }, problem, missing);
  });

  test("fails for what says nothing", async () => {
    const wanted =
      'where the API server is, like leaderElection: { apiServerAt: ["10.0.16.0/20"] }';
    await refusedFor(true, `leaderElection is a boolean: give ${wanted}`);
  });

  test("fails for what there is no argument for", async () => {
    await refusedFor(
      { apiServer: ["10.0.0.1"] },
      'there is no argument "leaderElection.apiServer": did you mean apiServerAt?',
      missing,
    );
  });
});

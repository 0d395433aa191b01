import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../../components/arguments";
import { Namespace } from "../../../components/kubernetes/namespace";
import { checkPod, type PodArgs } from "../../../components/kubernetes/pod-args";
import { record } from "../../../components/testing";
import { canary } from "../../support/canary";
import { problemsOf } from "../../support/refusals";

const image = "example.com/web:1";
const base = { image, namespace: "shop" };
const problems = (args: PodArgs, port?: number) =>
  problemsOf((check) => checkPod(check, "web", args, port));

describe("checkPod", () => {
  test("default is one container, anywhere", () => {
    const check = new ArgumentCheck("groundwork:test:Thing", "it");
    const { main, ...rest } = checkPod(check, "web", base);
    expect(main).toMatchObject({ name: "web", image, writablePaths: ["/tmp"] });
    expect(rest).toEqual({
      namespace: "shop",
      sidecars: [],
      initContainers: [],
      priorityClassName: undefined,
      nodeSelector: {},
      tolerations: [],
      imagePullSecrets: [],
      terminationGracePeriodSeconds: 35,
    });
  });

  test("custom takes all of it", () => {
    expect(
      problems(
        {
          ...base,
          sidecars: [{ name: "proxy", image, port: 9000 }],
          initContainers: [{ name: "migrate", image }],
          priorityClassName: "high",
          nodeSelector: { "kubernetes.io/arch": "arm64", "example.com/any": "" },
          tolerations: [{ key: "spot", operator: "Exists" }],
          imagePullSecrets: ["pull"],
          terminationGracePeriodSeconds: 3_600,
        },
        8080,
      ),
    ).toEqual([]);
  });

  test("has what its namespace gives, and no more than is said", async () => {
    const placed = (args: Partial<PodArgs>) => {
      const namespace = new Namespace("shop", { imagePullCredentials: '{"auths":{}}' });
      const check = new ArgumentCheck("groundwork:test:Thing", "it");
      const pod = checkPod(check, "web", { image, namespace, ...args });
      return {
        namespace: pod.namespace,
        priorityClassName: pod.priorityClassName,
        imagePullSecrets: pod.imagePullSecrets,
      };
    };
    expect((await record(() => placed({}))).outputs).toEqual({
      namespace: "shop",
      priorityClassName: "priority-shop-0",
      imagePullSecrets: ["shop-pull-1a2b3c4d"],
    });
    const own = { priorityClassName: "high", imagePullSecrets: [] };
    expect((await record(() => placed(own))).outputs).toEqual({ namespace: "shop", ...own });
  });

  test("fails when containers have the name or the port of another", () => {
    expect(
      problems(
        {
          ...base,
          sidecars: [
            { name: "web", image, port: 8080 },
            { name: "proxy", image, port: 9000 },
            { name: "agent", image, port: 9000 },
          ],
          initContainers: [
            { name: "proxy", image },
            { name: "proxy", image },
          ],
        },
        8080,
      ),
    ).toEqual([
      "two containers of the pod have the name web: change one",
      "two containers of the pod have the name proxy: change one",
      "two containers of the pod have the port 8080: change one",
      "two containers of the pod have the port 9000: change one",
    ]);
  });

  test("fails when anything does not fit, with all of it", () => {
    expect(
      problems({
        namespace: "My shop",
        image,
        sidecars: [{ name: "proxy", image: "proxy" }],
        initContainers: [{ name: "migrate", image, port: 8080 }],
        priorityClassName: "High",
        nodeSelector: { zone: "a b" },
        imagePullSecrets: ["ok", "Pull"],
        terminationGracePeriodSeconds: 5,
      }),
    ).toEqual([
      'namespace is "My shop": give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)',
      'sidecars[0].image is "proxy": give an image with its digest (repository@sha256:...) or a tag other than latest',
      "initContainers[0].port is 8080: leave it out, nobody reaches it",
      `nodeSelector["zone"] is "a b": give a label's value: at most 63 letters, digits, hyphens, dots and underscores`,
      "terminationGracePeriodSeconds is 5: give a whole number from 6 to 3600 seconds",
      'priorityClassName is "High": give the name of a Kubernetes PriorityClass: lower-case letters, digits, hyphens and dots (RFC 1123)',
      'imagePullSecrets[1] is "Pull": give the name of a Kubernetes Secret: lower-case letters, digits, hyphens and dots (RFC 1123)',
    ]);
  });

  test("fails for what is no list, no object and no text", () => {
    expect(
      problems({
        ...base,
        command: "sh -c true" as never,
        args: ["--wait", 5] as never,
        writablePaths: "/tmp" as never,
        sidecars: { name: "proxy", image } as never,
        nodeSelector: { "my zone": "a", zone: true } as never,
        imagePullSecrets: [undefined] as never,
      }),
    ).toEqual([
      "writablePaths is text: give a list",
      "command is text: give a list",
      "args[1] is 5: give text",
      "sidecars is an object: give a list",
      'nodeSelector has the label "my zone": give a label\'s name, like topology.kubernetes.io/zone',
      'nodeSelector["zone"] is true: give a label\'s value: at most 63 letters, digits, hyphens, dots and underscores',
      "imagePullSecrets[0] is missing: give it",
    ]);
    expect(problems({ ...base, sidecars: [undefined] as never })).toEqual([
      "sidecars[0] is undefined: give an object of arguments",
    ]);
  });

  test("fails for secrets in what everybody sees of a pod", () => {
    const args = [pulumi.secret(canary)] as never;
    expect(problems({ ...base, args })).toEqual([
      "args[0] is known only later: give a plain value",
    ]);
  });

  test("fails for a sidecar that might inherit, or might not", () => {
    const inheritConfiguration = "false" as never;
    const env = { PORT: 9000 } as never;
    expect(
      problems({ ...base, sidecars: [{ name: "proxy", image, inheritConfiguration, env }] }),
    ).toEqual([
      "sidecars[0].env.PORT is a number: give text, or leave it out",
      'sidecars[0].inheritConfiguration is "false": give true or false',
    ]);
  });

  test.each([
    "topology.kubernetes.io/zone",
    "zone",
    `${"a".repeat(253)}/${"b".repeat(63)}`,
    "Disk_type.1",
  ])("takes the label %s of a node", (label) => {
    expect(problems({ ...base, nodeSelector: { [label]: "a" } })).toEqual([]);
  });

  test.each(["", "/zone", "zone/", "Example.com/zone", "b".repeat(64), "-a", "a/b/c"])(
    "fails for %p, which is no label",
    (label) => {
      expect(problems({ ...base, nodeSelector: { [label]: "a" } })).toEqual([
        `nodeSelector has the label "${label}": give a label's name, like topology.kubernetes.io/zone`,
      ]);
    },
  );
});

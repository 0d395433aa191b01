import { isReady, portOf, refusal } from "../../../tools/cluster/cluster";
import { NotDelivered } from "../../../tools/cluster/forward";
import { deployedServices, findService } from "../../../tools/cluster/services";
import type { ExportedStack } from "../../../tools/cut-off";

function service(name: string, spec: object) {
  const metadata = { name, namespace: "shop" };
  return {
    type: "kubernetes:core/v1:Service",
    urn: `urn:pulumi:dev::shop::kubernetes:core/v1:Service::${name}`,
    outputs: { metadata, spec },
  };
}

const web = service("web", {
  selector: { app: "web", part: "front" },
  ports: [
    { port: 80, targetPort: "http" },
    { port: 53, targetPort: 53, protocol: "UDP" },
    { port: 9090 },
  ],
});
const state: ExportedStack = {
  deployment: {
    resources: [
      web,
      service("api", { selector: { app: "api" }, ports: [{ port: 80, targetPort: 8080 }] }),
      service("elsewhere", { externalName: "example.com" }),
    ],
  },
};

test("the services of a stack are those with pods, by their TCP ports", () => {
  expect(deployedServices(state)).toEqual([
    {
      name: "api",
      namespace: "shop",
      selector: "app=api",
      ports: [{ port: 80, targetPort: 8080 }],
    },
    {
      name: "web",
      namespace: "shop",
      selector: "app=web,part=front",
      ports: [
        { port: 80, targetPort: "http" },
        { port: 9090, targetPort: 9090 },
      ],
    },
  ]);
  expect(deployedServices({})).toEqual([]);
});

test("a service is found by its name, and another one is an error with those that there are", () => {
  expect(findService(state, "web").selector).toBe("app=web,part=front");
  expect(() => findService(state, "wbe")).toThrow(
    expect.objectContaining({
      message: "There is no service wbe.",
      next: ["Give SERVICE, one of: api, web"],
    }),
  );
  expect(() => findService({}, "")).toThrow(
    expect.objectContaining({
      message: "No service is given.",
      next: ["Give SERVICE, one of: none, the stack has no services"],
    }),
  );
});

test("a pod takes requests while it is ready and not about to go", () => {
  const status = { conditions: [{ type: "Ready", status: "True" }] };
  expect(isReady({ status })).toBe(true);
  expect(isReady({ status, metadata: { deletionTimestamp: new Date() } })).toBe(false);
  expect(isReady({ status: { conditions: [{ type: "Ready", status: "False" }] } })).toBe(false);
  expect(isReady({})).toBe(false);
});

test("a port that a service names is looked up in the pod", () => {
  const spec = {
    containers: [
      { name: "proxy" },
      { name: "web", ports: [{ name: "http", containerPort: 8080 }] },
    ],
  };
  expect(portOf({ spec }, 9090)).toBe(9090);
  expect(portOf({ spec }, "http")).toBe(8080);
  expect(() => portOf({ spec }, "grpc")).toThrow("no container of the pod has a port grpc");
});

test("a connection is made again only where none was made", () => {
  const refused = "failed to connect to localhost:8080: connect: connection refused";
  expect(refusal(refused)).toBeInstanceOf(NotDelivered);
  expect(refusal("connection reset by peer")).not.toBeInstanceOf(NotDelivered);
});

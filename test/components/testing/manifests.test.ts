import { Queue } from "@pulumi/aws/sqs";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Service } from "@pulumi/kubernetes/core/v1";
import { parseAllDocuments } from "yaml";
import { record } from "../../../components/testing";

test("gives the objects in the order of registration, and what is no object not", async () => {
  const recording = await record(() => {
    const labels = { app: "web" };
    const metadata = { name: "web", labels };
    const web = new Service("web", { metadata, spec: { selector: labels } });
    const orders = new Queue("orders", {}, { dependsOn: web });
    const data = { GREETING: "yes" };
    new ConfigMap("web-config", { metadata: { namespace: "shop" }, data }, { dependsOn: orders });
    ConfigMap.get("given", "shop/given");
  });
  expect(recording.manifests()).toBe(`apiVersion: v1
kind: Service
metadata:
  labels:
    app: web
  name: web
spec:
  selector:
    app: web
---
apiVersion: v1
kind: ConfigMap
metadata:
  namespace: shop
  name: web-config-1a2b3c4d
data:
  GREETING: "yes"
`);
});

test("gives an object without a name the one by which others refer to it", async () => {
  const recording = await record(() => {
    const config = new ConfigMap("web-config", {});
    const envFrom = [{ configMapRef: { name: config.metadata.name } }];
    const containers = [{ name: "web", envFrom }];
    new Deployment("web", { spec: { selector: {}, template: { spec: { containers } } } });
  });
  const [config, web] = parseAllDocuments(recording.manifests()).map((each) => each.toJS());
  expect(config.metadata).toEqual({ name: "web-config-1a2b3c4d" });
  expect(web.spec.template.spec.containers[0].envFrom).toEqual([
    { configMapRef: { name: config.metadata.name } },
  ]);
});

test("is empty where there is nothing of Kubernetes", async () => {
  const recording = await record(() => void new Queue("orders"));
  expect(recording.manifests()).toBe("");
});

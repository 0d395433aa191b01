import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { Microservice, Namespace } from "../../components";
import { deployEvery, image } from "../support/kubernetes";

// What workloads.test.ts deploys: every workload in both configurations, and a service that changes.
const opts = {
  providers: [new Provider("kubernetes", { kubeconfig: process.env["KUBECONFIG"] ?? "" })],
};
deployEvery("default", "workloads-default", opts);
deployEvery("full", "workloads-full", opts);

const config = new Config("changing");
const namespace = new Namespace("changing", { namespaceName: "workloads-changing" }, opts);
new Microservice(
  "web",
  {
    namespace,
    image,
    replicas: config.requireNumber("replicas"),
    config: { GREETING: config.require("greeting") },
    // More than any node has, and the pods can't be started.
    requests: { cpu: config.require("cpu") },
    rollout: { deadlineSeconds: 30 },
  },
  opts,
);

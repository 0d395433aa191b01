import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ContainerImage, Microservice, Namespace } from "../../components";

// What images.test.ts deploys: a service that runs an image which is built here.
const config = new Config("images");
const registry = config.require("registry");
const opts = {
  providers: [new Provider("kubernetes", { kubeconfig: process.env["KUBECONFIG"] ?? "" })],
};
const image = new ContainerImage("web", {
  context: "context",
  repositoryUrl: `${registry}/web`,
  credentials: { server: registry, username: "AWS", password: config.require("password") },
});
const { namespaceName } = new Namespace("images", { namespaceName: "images" }, opts);
new Microservice("web", { namespace: namespaceName, image: image.ref }, opts);

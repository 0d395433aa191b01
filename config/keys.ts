import {
  prometheusDiscoveries,
  trafficControllers,
} from "../components/kubernetes/cluster-settings";
import { hostName } from "../components/kubernetes/hosts";
import {
  accountId,
  all,
  dnsLabel,
  imageReference,
  logRetentionDays,
  matching,
  oneOf,
  regionName,
  wholeNumber,
} from "../components/rules";
import { flag, type Keys, number, secret, text, type Values } from "./key";

/** A key for signing, which is worth as much as it is hard to guess. */
const signingKey = all<string>(
  (value) => (value.length >= 32 ? undefined : "give at least 32 characters"),
  (value) => (value.trim() === value ? undefined : "leave out blanks at its ends"),
);

const emailAddress = matching(/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@.,;<>]+$/, "one e-mail address");

/** @see https://developer.mozilla.org/en-US/docs/Glossary/Origin */
const origin = "https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?";
const listOfOrigins = new RegExp(`^${origin}(, ?${origin})*$`);
const originsInWords =
  "origins without a path, with commas between them, like " +
  "https://shop.example.com,https://admin.example.com";

const listOfAccounts = /^\d{12}(, ?\d{12})*$/;

/**
 * Every key of this project's config. `make schema` writes them into `Pulumi.yaml`, for the engine
 * and for readers.
 */
export const keys = {
  region: text("AWS region that everything is in.", {
    default: "eu-central-1",
    rule: regionName("eu-central-1"),
  }),
  awsAccountId: text("AWS account that this environment may change; any other is refused.", {
    requiredOn: "aws",
    own: true,
    rule: accountId,
    example: "123456789012",
  }),
  awsEndpoint: text("URL of an AWS emulator to use instead of the one that make up starts.", {
    rule: matching(
      /^https?:\/\/[^/\s@]+$/,
      "a URL without a user and a path, like http://127.0.0.1:4566",
    ),
  }),
  podAwsEndpoint: text(
    "URL by which pods find the AWS emulator; where make up finds that they reach it when empty.",
    {
      rule: all(
        matching(
          /^https?:\/\/[^/\s@]+$/,
          "a URL without a user and a path, like http://host.docker.internal:4566",
        ),
        (value) =>
          /^https?:\/\/(0\.0\.0\.0|\[::\])(:|$)/.test(value)
            ? "give one address: this one stands for all, and pods can't send there"
            : undefined,
      ),
    },
  ),
  eksCluster: text("Name of the EKS cluster that services run on.", {
    requiredOn: "aws",
    own: true,
    rule: matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "the name of an EKS cluster"),
    example: "groundwork",
  }),
  kubeconfig: text(
    "Path of a kubeconfig to use instead of the local cluster that make up starts.",
    {
      rule: matching(/^\S.*$/, "the path of a file"),
    },
  ),
  kubeContext: text("Context within the kubeconfig; the current one when empty."),
  namespace: text("Kubernetes namespace of the services; groundwork-<stack> when empty.", {
    own: true,
    rule: dnsLabel,
  }),
  replicas: number("How many pods the web service has, or has at least where it scales.", {
    default: 3,
    rule: wholeNumber(1, 100),
    production: {
      rule: wholeNumber(2, 100),
      because: "a pod that goes must leave another one to answer",
    },
  }),
  maxReplicas: number("To how many pods the web service scales by itself; 0 when it does not.", {
    default: 0,
    rule: wholeNumber(0, 1_000),
  }),
  zones: number("In how many availability zones at least the web service's pods run.", {
    default: 1,
    rule: wholeNumber(1, 100),
    production: {
      rule: wholeNumber(2, 100),
      because: "a zone that fails must leave another one to answer",
    },
  }),
  greeting: text("What the web service says at its root.", { default: "Hello from groundwork" }),
  corsOrigins: text(
    "Origins of the web pages that may call the web service, with commas; * for any.",
    {
      rule: (value) =>
        value === "*" ? undefined : matching(listOfOrigins, `${originsInWords}, or *`)(value),
      production: {
        rule: (value) =>
          value === "" ? undefined : matching(listOfOrigins, originsInWords)(value),
        because: "with * any web page could call the service from its visitors' browsers",
      },
      example: "https://shop.example.com",
    },
  ),
  logLevel: text("How much services and functions log: DEBUG, INFO, WARNING or ERROR.", {
    default: "INFO",
    rule: oneOf<string>("DEBUG", "INFO", "WARNING", "ERROR"),
  }),
  logRetentionDays: number("For how many days the functions' logs are kept.", {
    default: 30,
    rule: logRetentionDays,
  }),
  functionRollout: text(
    "How calls go over to new versions of functions: AllAtOnce, Canary or Linear.",
    { default: "AllAtOnce", rule: oneOf<string>("AllAtOnce", "Canary", "Linear") },
  ),
  archiveVersion: text(
    "Version of the function archive that is held, as make rollback does; the newest when empty.",
    { own: true, rule: matching(/^[1-9][0-9]*$/, "the number of a published version, like 7") },
  ),
  alarmEmail: text("E-mail address of those who hear of alarms; nobody does when empty.", {
    rule: emailAddress,
    production: { rule: emailAddress, because: "an alarm that nobody hears of is none" },
    example: "alarms@example.com",
  }),
  webImage: text("Image of the web service, by digest or tag; built from apps/web when empty.", {
    rule: imageReference,
    production: {
      rule: (value) =>
        imageReference(value) === undefined && value.includes("@sha256:")
          ? undefined
          : "give an image with its digest (repository@sha256:...)",
      because: "it runs what was tested, and neither a new build nor a tag is sure to be that",
    },
  }),
  pullAccounts: text("AWS accounts of environments that run this one's images, with commas.", {
    own: true,
    rule: matching(listOfAccounts, "accounts' 12 digits, with commas between them"),
    example: "123456789012",
  }),
  trafficController: text(
    `What carries traffic from outside into the cluster: ${trafficControllers.join(", ")}.`,
    { default: "none", rule: oneOf<string>(...trafficControllers) },
  ),
  gateway: text("Gateway that services are published on, as namespace/name; none with Ingresses.", {
    own: true,
    rule: matching(
      /^[a-z0-9-]+\/[a-z0-9.-]+$/,
      "a Gateway as namespace/name, like gateways/public",
    ),
    example: "gateways/public",
  }),
  certificateIssuer: text("ClusterIssuer of cert-manager that gets certificates for Ingresses.", {
    rule: matching(/^[a-z0-9.-]+$/, "the name of a ClusterIssuer"),
  }),
  webHost: text(
    "Host name that the web service is published on; within the cluster alone when empty.",
    {
      own: true,
      rule: hostName,
      example: "shop.example.com",
    },
  ),
  prometheus: text(
    `How Prometheus in the cluster is told what to scrape: ${prometheusDiscoveries.join(", ")}.`,
    { default: "none", rule: oneOf<string>(...prometheusDiscoveries) },
  ),
  prometheusRelease: text(
    "Helm release of kube-prometheus-stack whose operator picks by its name.",
    {
      rule: matching(/^[a-z0-9.-]+$/, "the name of a Helm release"),
    },
  ),
  deletionProtection: flag("Whether what holds data is kept from being destroyed or replaced.", {
    default: true,
    production: {
      rule: (value) => (value ? undefined : "give true"),
      because: "its data can't be had back",
    },
  }),
  sealKey: secret("Key with which the archive seals what it keeps.", { rule: signingKey }),
  sessionKey: secret("Key with which the web service signs what it hands out.", {
    rule: signingKey,
  }),
} satisfies Keys;

/**
 * What must hold between keys that are right each by itself; one that is not is left out.
 * @returns what is wrong by the key to change
 */
export function contradictions(
  values: Partial<Values<typeof keys>>,
): Readonly<Record<string, string>> {
  // Nothing is more or less than NaN.
  const { replicas = Number.NaN, maxReplicas = Number.NaN, zones = Number.NaN } = values;
  const { trafficController, gateway, certificateIssuer, webHost } = values;
  const byGateway = trafficController === "envoy-gateway" || trafficController === "istio";
  return {
    ...(zones > replicas && {
      zones: `is ${zones}, and replicas ${replicas}: give no more zones than there are pods to run in them`,
    }),
    ...(maxReplicas > 0 &&
      (replicas < 2 || maxReplicas <= replicas) && {
        maxReplicas: `is ${maxReplicas}, and replicas ${replicas}: give more, from 2 replicas on, or 0 to leave it at them`,
      }),
    ...(byGateway &&
      gateway === "" && {
        gateway: `is not set, and trafficController is ${trafficController}: give the Gateway that services are published on`,
      }),
    ...(webHost &&
      trafficController === "none" && {
        webHost: `is ${webHost}, and trafficController none: nothing carries traffic into the cluster; set trafficController, or take webHost out`,
      }),
    ...(webHost &&
      trafficController === "ingress-nginx" &&
      certificateIssuer === "" && {
        certificateIssuer: `is not set, and webHost is ${webHost}: give the ClusterIssuer that gets its certificate`,
      }),
  };
}

import { LambdaFunction } from "../../components";
import { noCredentials } from "../../policy/credentials";
import { changed, findings, resource, testRules } from "./support";

const configMap = "kubernetes:core/v1:ConfigMap";
const lambdaFunction = "aws:lambda/function:Function";
const rule = noCredentials([lambdaFunction, configMap]);
const program = () =>
  new LambdaFunction("archive", {
    code: "apps/archive/src",
    handler: "handler.handler",
    runtime: "python3.13",
  });
const advice = "revoke it, and put another one into a Secret, or with Microservice into secrets";

testRules([rule], program, [
  [
    "a function's environment has a token",
    (resources) =>
      changed(
        resources,
        [lambdaFunction, "archive"],
        "environment.variables.SETTING",
        `x ghp_${"a1B2".repeat(9)}`,
      ),
    `no-credentials archive: environment.variables.SETTING holds what looks like a GitHub token: ${advice}`,
  ],
]);

// Put together here, so that no scanner takes them for real.
test.each([
  ["an AWS access key", `AK${"IA"}${"ABCD".repeat(4)}`],
  ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMII`],
  ["a GitHub token", `github_${"pat"}_${"a1".repeat(11)}`],
  ["a GitLab token", `gl${"pat"}-${"a1".repeat(10)}`],
  ["a Slack token", `xo${"xb"}-1234567890-a`],
  ["a Stripe key", `sk_${"live"}_${"a1".repeat(8)}`],
  ["an npm token", `np${"m_"}${"a1".repeat(18)}`],
  ["a Google API key", `AI${"za"}${"a1-_x".repeat(7)}`],
  ["a URL with a password", "postgres://user:pass@host/db"],
])("%s is found wherever it stands", (what, text) => {
  const found = findings([rule], [resource(configMap, "c", { data: { list: ["", `a ${text}`] } })]);
  expect(found).toEqual([
    `no-credentials c: data.list[1] holds what looks like ${what}: ${advice}`,
  ]);
});

test.each([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a shell writes it.
  "postgres://user:${PASSWORD}@host/db",
  "http://127.0.0.1:4566/123456789012/orders",
  "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf",
  "repository@sha256:0123456789abcdef",
  "-----BEGIN CERTIFICATE-----",
])("%s is no credential", (text) => {
  expect(findings([rule], [resource(configMap, "c", { data: { text } })])).toEqual([]);
});

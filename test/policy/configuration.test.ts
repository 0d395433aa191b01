import { SecretStore } from "../../components/configuration/secret-store";
import { configurationRules } from "../../policy/configuration";
import { later } from "../../policy/values";
import { canary } from "../support/canary";
import { changed, findings, resource, testRules } from "./support";

const secret = "aws:secretsmanager/secret:Secret";
const secretVersion = "aws:secretsmanager/secretVersion:SecretVersion";
const secretPolicy = "aws:secretsmanager/secretPolicy:SecretPolicy";
const parameter = "aws:ssm/parameter:Parameter";

const open = (condition?: object) =>
  JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "secretsmanager:GetSecretValue",
        ...(condition !== undefined && { Condition: condition }),
      },
    ],
  });
const everybody =
  'policy allows secretsmanager:GetSecretValue to everybody ("*"): name the roles that read it';

testRules(configurationRules, () => {
  new SecretStore("ship", { secrets: { TOKEN: canary } });
  new SecretStore("web", { secrets: { TOKEN: canary }, backend: "ssm" });
}, [
  [
    "a parameter whose name says that it is a secret is a String",
    (all) => changed(all, [parameter, "web-TOKEN"], "type", "String"),
    'ssm-secure-string web-TOKEN: type is "String", and it looks like a secret: give "SecureString"',
  ],
  [
    "a parameter with a physical name that says so is a StringList",
    (all) => [
      ...all,
      resource(parameter, "one", { type: "StringList", name: "/prod/database/password" }),
      resource(parameter, "two", { name: "api-token-1a2b3c4" }),
    ],
    'ssm-secure-string one: type is "StringList", and it looks like a secret: give "SecureString"',
    'ssm-secure-string two: type is not set, and it looks like a secret: give "SecureString"',
  ],
  [
    "a write-only value goes into a String",
    (all) => [...all, resource(parameter, "one", { type: "String", valueWo: canary })],
    'ssm-secure-string one: type is "String", and it looks like a secret: give "SecureString"',
  ],
  [
    "the value of a secret is read back",
    (all) => changed(all, [secretVersion, "ship-TOKEN-version"], "secretString", canary),
    "secret-write-only ship-TOKEN-version: its value is given in secretString: give it in secretStringWo, with a secretStringWoVersion that changes along with it, as SecretStore does",
  ],
  [
    "a secret is gone at once",
    (all) => changed(all, [secret, "ship-TOKEN"], "recoveryWindowInDays", 0),
    "secret-recovery ship-TOKEN: recoveryWindowInDays is 0, which deletes at once: give 7 to 30 days",
  ],
  [
    "everybody may read a secret",
    (all) => changed(all, [secret, "ship-TOKEN"], "policy", open()),
    `secret-no-public-policy ship-TOKEN: ${everybody}`,
  ],
  [
    "a policy of its own lets everybody read a secret",
    (all) => [...all, resource(secretPolicy, "one", { policy: open() })],
    `secret-no-public-policy one: ${everybody}`,
  ],
]);

test.each([
  [parameter, "log-level", { type: "String", name: "/web/log-level" }],
  [parameter, "seal-key-arn", { type: "String", name: "seal-key-arn-1a2b3c4" }],
  [parameter, "token", { type: later, name: later }],
  [secretPolicy, "one", { policy: open({ StringEquals: { "aws:PrincipalOrgID": "o-1" } }) }],
  [secretPolicy, "one", { policy: later }],
])("nothing is wrong with %s %s", (type, name, props) => {
  expect(findings(configurationRules, [resource(type, name, props)])).toEqual([]);
});

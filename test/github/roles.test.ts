import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs", "deployment.md"), "utf8");

/** The actions of the page's statement with this name. */
function actionsOf(sid: string): readonly string[] {
  const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => JSON.parse(json));
  const found = blocks
    .flatMap((block) => block.Statement ?? [block])
    .find((statement) => statement.Sid === sid);
  return [found?.Action ?? []].flat();
}

/** The services of which deploying takes all actions. */
const [, inFull = ""] = /in place of `Look` all of (.*)/.exec(page) ?? [];

/** The services that make what the stacks on AWS are made of, by IAM's names. */
const services = new Set(
  ["staging", "prod"]
    .flatMap((stack) => {
      const urns = readFileSync(join(root, "test", "stacks", "urns", `${stack}.txt`), "utf8");
      return [...urns.matchAll(/[:$]aws:(\w+\/\w+):\w+::/g)].map(([, type = ""]) => type);
    })
    .map((type) => (type === "cloudwatch/logGroup" ? "logs" : (type.split("/")[0] ?? ""))),
);

describe.each([...services].sort())("the roles of docs/deployment.md in %s", (service) => {
  test("may look", () => {
    expect(actionsOf("Look")).toContainEqual(
      expect.stringMatching(`^${service}:(Describe|Get|List)`),
    );
  });

  test("may make things", () => {
    const single = ["PodIdentities", "Keys", "Roles"]
      .flatMap(actionsOf)
      .filter((action) => action.includes(":Create"))
      .map((action) => action.split(":")[0]);
    const all = inFull.replace("of the buckets", "`s3`").match(/(?<=`)\w+(?=`)/g) ?? [];
    expect([...all, ...single]).toContain(service);
  });
});

test("the role that looks can do no more", () => {
  expect(actionsOf("Look").filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([]);
});

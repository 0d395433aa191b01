import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  appSpec,
  clientOptions,
  codeDeploy,
  described,
} from "../../../components/lambda/code-deploy";
import { withoutVariables } from "../../support/variables";

withoutVariables("AWS_ENDPOINT_URL");

const target = {
  functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567",
  application: "archive-release-1234567",
  deploymentGroup: "live",
  alias: "live",
};
const spec = {
  version: 0,
  Resources: [
    {
      function: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Name: "archive-1234567",
          Alias: "live",
          CurrentVersion: "7",
          TargetVersion: "8",
        },
      },
    },
  ],
};

describe("appSpec", () => {
  test("default says from where to where", () => {
    expect(appSpec(target, "7", "8")).toEqual(spec);
  });

  test("custom names who is asked before and after", () => {
    const asked = { ...target, beforeTraffic: "probe", afterTraffic: "check" };
    expect(appSpec(asked, "7", "8")).toEqual({
      ...spec,
      Hooks: [{ BeforeAllowTraffic: "probe" }, { AfterAllowTraffic: "check" }],
    });
  });
});

describe("clientOptions", () => {
  test("default goes to the function's region with the credentials of the environment", () => {
    const nobody = {
      profile: undefined,
      accessKey: undefined,
      secretKey: undefined,
      token: undefined,
    };
    expect(clientOptions(target.functionArn, nobody)).toEqual({
      region: "eu-central-1",
      maxAttempts: 10,
    });
  });

  test("custom takes the provider's", () => {
    const own = { profile: "prod", accessKey: "a", secretKey: "s", token: "t" };
    expect(clientOptions(target.functionArn, own)).toEqual({
      region: "eu-central-1",
      maxAttempts: 10,
      profile: "prod",
      credentials: { accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" },
    });
  });
});

describe("described", () => {
  test.each([JSON.stringify(spec), "Properties:\n  TargetVersion: 8\n"])(
    "finds the version in %j",
    (content) => {
      const revision = { revisionType: "AppSpecContent", appSpecContent: { content } } as const;
      expect(described("d-1", { status: "InProgress", creator: "user", revision })).toEqual({
        id: "d-1",
        status: "InProgress",
        version: "8",
        isRollback: false,
        error: undefined,
        rollbackId: undefined,
      });
    },
  );

  test("tells why one failed, and what takes it back", () => {
    expect(
      described("d-2", {
        status: "Failed",
        creator: "codeDeployRollback",
        errorInformation: { code: "ALARM_ACTIVE", message: "An alarm went off" },
        rollbackInfo: { rollbackDeploymentId: "d-3" },
      }),
    ).toEqual({
      id: "d-2",
      status: "Failed",
      version: undefined,
      isRollback: true,
      error: "ALARM_ACTIVE: An alarm went off",
      rollbackId: "d-3",
    });
  });
});

describe("codeDeploy", () => {
  let server: Server;
  const asked: unknown[] = [];
  const answers: Record<string, unknown> = {
    CreateDeployment: { deploymentId: "d-1" },
    ListDeployments: { deployments: ["d-1"] },
    GetDeployment: { deploymentInfo: { status: "Succeeded" } },
    StopDeployment: {},
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const action = String(request.headers["x-amz-target"] ?? request.url)
          .split(".")
          .at(-1);
        const body = Buffer.concat(chunks).toString();
        asked.push([action, body === "" ? undefined : JSON.parse(body)]);
        response.end(JSON.stringify(answers[action ?? ""] ?? { FunctionVersion: "7" }));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });

  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test("asks AWS for what it takes", async () => {
    const { port } = server.address() as AddressInfo;
    process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${port}`;
    const releases = await codeDeploy(target, { accessKey: "a", secretKey: "s" });
    expect(await releases.liveVersion()).toBe("7");
    expect(await releases.start("7", "8")).toBe("d-1");
    expect(await releases.underWay()).toEqual(["d-1"]);
    expect((await releases.deployment("d-1")).status).toBe("Succeeded");
    await releases.stop("d-1");
    expect(await releases.refused()).toEqual([]);
    const group = { applicationName: "archive-release-1234567", deploymentGroupName: "live" };
    expect(asked).toEqual([
      [`/2015-03-31/functions/${encodeURIComponent(target.functionArn)}/aliases/live`, undefined],
      [
        "CreateDeployment",
        {
          ...group,
          revision: {
            revisionType: "AppSpecContent",
            appSpecContent: { content: JSON.stringify(spec) },
          },
        },
      ],
      [
        "ListDeployments",
        {
          ...group,
          includeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"],
        },
      ],
      ["GetDeployment", { deploymentId: "d-1" }],
      ["StopDeployment", { deploymentId: "d-1", autoRollbackEnabled: true }],
      ["ListDeployments", { ...group, includeOnlyStatuses: ["Failed", "Stopped"] }],
      ["GetDeployment", { deploymentId: "d-1" }],
    ]);
  });
});

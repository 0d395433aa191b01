import { FunctionUrl, type FunctionUrlArgs } from "../../../components/lambda/function-url";
import { record } from "../../../components/testing";
import { aliasOf, functionNamed } from "../../support/functions";
import { unusable } from "../../support/refusals";

const type = "groundwork:lambda:FunctionUrl";
const functionUrl = "aws:lambda/functionUrl:FunctionUrl";
const permission = "aws:lambda/permission:Permission";

const url = "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws/";
const called = { functionName: "report-1234567", qualifier: "live" };

const recordUrl = (args: Partial<FunctionUrlArgs> = {}) =>
  record(() => {
    const made = new FunctionUrl("report", { function: functionNamed("report"), ...args });
    return { url: made.url, id: made.functionUrl.id, grant: made.grantInvoke() };
  });

describe("FunctionUrl", () => {
  test("default leads to the alias, and takes signed requests of those who have the grant", async () => {
    const recording = await recordUrl();

    expect(recording.childrenOf(type, "report")).toEqual([`${functionUrl} report`]);
    expect(recording.one(functionUrl, "report").inputs).toEqual({
      ...called,
      authorizationType: "AWS_IAM",
      invokeMode: "BUFFERED",
    });
    expect(recording.outputs).toEqual({
      url,
      id: "report-1234567/live",
      grant: {
        statements: [
          {
            actions: ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"],
            resources: [aliasOf("report")],
          },
        ],
        environment: { REPORT_FUNCTION_URL: url },
      },
    });
  });

  test("custom is open to everybody, by its address alone, and streams", async () => {
    const recording = await recordUrl({
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: { allowOrigins: ["https://shop.example.com"], allowMethods: ["GET"] },
    });

    expect([...recording.childrenOf(type, "report")].sort()).toEqual([
      `${functionUrl} report`,
      `${permission} report-invoke`,
      `${permission} report-invoke-url`,
    ]);
    expect(recording.one(functionUrl, "report").inputs).toEqual({
      ...called,
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: {
        allowOrigins: ["https://shop.example.com"],
        allowMethods: ["GET"],
        allowCredentials: false,
        maxAge: 300,
      },
    });
    const everybody = { function: "report-1234567", qualifier: "live", principal: "*" };
    expect(recording.one(permission, "report-invoke-url").inputs).toEqual({
      ...everybody,
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    });
    expect(recording.one(permission, "report-invoke").inputs).toEqual({
      ...everybody,
      action: "lambda:InvokeFunction",
      invokedViaFunctionUrl: true,
    });
  });

  test("fails when Lambda would refuse it, with all of it", async () => {
    const failure = recordUrl({
      authorizationType: "JWT" as never,
      invokeMode: "STREAM" as never,
      cors: { allowOrigins: [], allowMethods: ["GET"] },
    });
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "report",
          'authorizationType is "JWT": give one of AWS_IAM, NONE',
          'invokeMode is "STREAM": give one of BUFFERED, RESPONSE_STREAM',
          "cors.allowOrigins is missing: give an origin",
        ),
      ),
    );
  });
});

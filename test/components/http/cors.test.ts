import type { ArgumentCheck } from "../../../components/arguments";
import { type Cors, checkCors } from "../../../components/http/cors";
import { problemsOf } from "../../support/refusals";

const problems = (cors: Cors) => problemsOf((check) => checkCors(check, cors));

describe("checkCors", () => {
  test("fills in what is left out", () => {
    const checked: unknown[] = [];
    const into = (cors?: Cors) => (check: ArgumentCheck) => checked.push(checkCors(check, cors));
    expect(problemsOf(into({ allowOrigins: ["*"], allowMethods: ["*"] }))).toEqual([]);
    expect(
      problemsOf(
        into({
          allowOrigins: ["https://shop.example.com", "http://localhost:3000"],
          allowMethods: ["GET", "POST"],
          allowHeaders: ["authorization"],
          exposeHeaders: ["etag"],
          allowCredentials: true,
          maxAgeSeconds: 86_400,
        }),
      ),
    ).toEqual([]);
    problemsOf(into());
    expect(checked).toEqual([
      { allowOrigins: ["*"], allowMethods: ["*"], allowCredentials: false, maxAge: 300 },
      {
        allowOrigins: ["https://shop.example.com", "http://localhost:3000"],
        allowMethods: ["GET", "POST"],
        allowHeaders: ["authorization"],
        exposeHeaders: ["etag"],
        allowCredentials: true,
        maxAge: 86_400,
      },
      undefined,
    ]);
  });

  test.each<[Cors, string]>([
    [{ allowOrigins: [], allowMethods: ["*"] }, "cors.allowOrigins is missing: give an origin"],
    [{ allowOrigins: ["*"], allowMethods: [] }, "cors.allowMethods is missing: give a method"],
    [
      { allowOrigins: ["*"], allowMethods: ["get"] },
      'cors.allowMethods[0] is "get": give one of GET, HEAD, POST, PUT, PATCH, DELETE, *',
    ],
    [
      { allowOrigins: ["shop.example.com"], allowMethods: ["*"] },
      'cors.allowOrigins[0] is "shop.example.com": give a scheme and a host without a path, like https://shop.example.com, or *',
    ],
    [
      { allowOrigins: ["https://shop.example.com/"], allowMethods: ["*"] },
      'cors.allowOrigins[0] is "https://shop.example.com/": give a scheme and a host without a path, like https://shop.example.com, or *',
    ],
    [
      { allowOrigins: ["*"], allowMethods: ["*"], allowCredentials: true },
      "cors allows credentials to every origin, which browsers refuse: name them",
    ],
    [
      { allowOrigins: ["*"], allowMethods: ["*"], maxAgeSeconds: 86_401 },
      "cors.maxAgeSeconds is 86401: give a whole number from 0 to 86400 seconds",
    ],
    [
      { allowOrigins: ["*"], allowMethods: ["*"], origins: [] } as never,
      'there is no argument "cors.origins": give only allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds',
    ],
  ])("fails when it is %j", (cors, problem) => {
    expect(problems(cors)).toEqual([problem]);
  });
});

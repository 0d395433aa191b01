import { Bucket } from "../../components/data/bucket";
import { corsRules } from "../../policy/cors";
import { later } from "../../policy/values";
import { changed, findings, resource, testRules } from "./support";

const bucket = ["aws:s3/bucket:Bucket", "archive"] as const;
const cors = (...origins: readonly unknown[]) => [
  { allowedMethods: ["GET"], allowedOrigins: ["https://shop.example.com"] },
  { allowedMethods: ["PUT"], allowedOrigins: origins },
];
const refused = (name: string, origin: string) =>
  `cors-no-wildcard ${name}: it allows the origin "${origin}": name the origins, like "https://shop.example.com"`;

testRules(corsRules, () => new Bucket("archive"), [
  [
    "a bucket allows any origin",
    (all) => changed(all, bucket, "corsRules", cors("https://*")),
    refused("archive", "https://*"),
  ],
  [
    "a configuration beside a bucket does",
    (all) => [
      ...all,
      resource("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "archive-cors", {
        corsRules: cors("*"),
      }),
    ],
    refused("archive-cors", "*"),
  ],
  [
    "one in the provider's older words does",
    (all) => [
      ...all,
      resource("aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2", "archive-cors", {
        corsRules: cors("*"),
      }),
    ],
    refused("archive-cors", "*"),
  ],
  [
    "a function's URL does",
    (all) => [
      ...all,
      resource("aws:lambda/functionUrl:FunctionUrl", "ship", { cors: { allowOrigins: ["*"] } }),
    ],
    refused("ship", "*"),
  ],
  [
    "an API does, twice",
    (all) => [
      ...all,
      resource("aws:apigatewayv2/api:Api", "shop", {
        corsConfiguration: { allowOrigins: ["http://*", "https://shop.example.com", "*"] },
      }),
    ],
    refused("shop", "http://*"),
    refused("shop", "*"),
  ],
]);

test.each([
  ["named", ["https://shop.example.com", "https://*.example.com"]],
  ["not known yet", later],
  ["none", undefined],
])("origins may be %s", (_, origins) => {
  const api = resource("aws:apigatewayv2/api:Api", "shop", {
    corsConfiguration: { allowOrigins: origins },
  });
  expect(findings(corsRules, [api])).toEqual([]);
});
